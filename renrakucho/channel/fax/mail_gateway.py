"""By mail to a gateway that faxes it: T.37 in its simple mode, addressed as RFC 3965 says, with a TIFF (RFC 3949).

That the gateway took the mail is all that is known here: its reports go to the sender's address, to people. So it stays
under way until the office answers by the code on the page, or until the postman gives up waiting.
"""

import ssl
from datetime import timedelta
from email.message import EmailMessage
from email.policy import SMTP as SMTP_POLICY
from email.utils import formatdate
from smtplib import SMTP, SMTPException, SMTPRecipientsRefused, SMTPResponseException

from renrakucho.channel.fax.fax_line import FaxDocument, FaxLine
from renrakucho.channel.outcome import Outcome, OutcomeKind
from renrakucho.lib.safe_http import is_this_machine

_SECONDS = 10
_NEXT_LOOK = timedelta(hours=6)  # there is nothing to ask; the postman looks whether it is time to give up
_SENDER = "renrakucho@localhost"


def submit_by_mail(line: FaxLine, letter: FaxDocument) -> Outcome:
    """Hand it to the gateway. Personal data goes over TLS, or stays on this machine."""
    gateway = line.settings.get("gateway", line.host)
    message = _message(line, letter, f"FAX={line.number}@{gateway}", gateway)
    try:
        server = _server(line)
    except (SMTPException, OSError) as error:
        return _said(OutcomeKind.TRY_LATER, error)
    with server:
        try:
            server.send_message(message)
        except SMTPRecipientsRefused as refused:
            return _refused(refused, max(code for code, _words in refused.recipients.values()))
        except SMTPResponseException as error:
            return _refused(error, error.smtp_code)
        except (SMTPException, OSError) as error:
            return _said(OutcomeKind.UNKNOWN, error)  # broken off: it may have been taken
    return _waiting(letter.key)


def _server(line: FaxLine) -> SMTP:
    server = SMTP(line.host, line.port, timeout=_SECONDS)
    try:
        if not is_this_machine(line.host):
            server.starttls(context=ssl.create_default_context())
        if line.user:
            server.login(line.user, line.password)
    except (SMTPException, OSError):
        server.close()
        raise
    return server


def _refused(error: Exception, code: int) -> Outcome:
    """For good, or for now (RFC 5321: 5yz, 4yz)."""
    return _said(OutcomeKind.REFUSED if code >= 500 else OutcomeKind.TRY_LATER, error)


def _said(kind: OutcomeKind, error: Exception) -> Outcome:
    return Outcome(kind, f"smtp: {type(error).__name__} {error}")


def query_mail_gateway(_line: FaxLine, key: str) -> Outcome:
    """Nothing more is heard from a gateway."""
    return _waiting(key)


def _waiting(key: str) -> Outcome:
    return Outcome(OutcomeKind.UNDER_WAY, "the gateway took it", reference=key, retry_after=_NEXT_LOOK)


def _message(line: FaxLine, letter: FaxDocument, to: str, gateway: str) -> EmailMessage:
    message = EmailMessage(policy=SMTP_POLICY)
    message["From"] = line.settings.get("from", _SENDER)
    message["To"] = to
    message["Subject"] = letter.name
    message["Date"] = formatdate()
    # The same on every attempt: a gateway that gets it twice can see that it is one.
    message["Message-ID"] = f"<{letter.key.replace(':', '.')}@{gateway}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(f"FAX {letter.name}\n")
    message.add_attachment(
        letter.tiff, maintype="image", subtype="tiff", params={"application": "faxbw"}, filename=f"{letter.name}.tif"
    )
    return message
