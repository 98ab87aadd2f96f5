"""Fax by a mail gateway: T.37 in its simple mode, addressed by RFC 3965, with a TIFF (RFC 3949).

Only the gateway's acceptance of the mail is known here: its reports go to people, at the sender's address. The notice
stays UNDER_WAY until the office answers by the code on the page, or until its deadline passes.
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
_NEXT_CHECK = timedelta(hours=6)  # there is nothing to ask for; delivery checks the deadline then
_SENDER = "renrakucho@localhost"


def submit_by_mail(line: FaxLine, document: FaxDocument) -> Outcome:
    """Mail the page to the gateway, over TLS unless the gateway is on this machine."""
    gateway = line.settings.get("gateway", line.host)
    message = _message(line, document, f"FAX={line.number}@{gateway}", gateway)
    try:
        server = _server(line)
    except (SMTPException, OSError) as error:
        return _failure(OutcomeKind.TRY_LATER, error)
    with server:
        try:
            server.send_message(message)
        except SMTPRecipientsRefused as refused:
            return _refused(refused, max(code for code, _text in refused.recipients.values()))
        except SMTPResponseException as error:
            return _refused(error, error.smtp_code)
        except (SMTPException, OSError) as error:
            return _failure(OutcomeKind.UNKNOWN, error)  # the connection broke: the mail may have been accepted
    return _waiting(document.key)


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
    """Permanent or transient failure (RFC 5321: 5yz, 4yz)."""
    return _failure(OutcomeKind.REFUSED if code >= 500 else OutcomeKind.TRY_LATER, error)


def _failure(kind: OutcomeKind, error: Exception) -> Outcome:
    reached = isinstance(error, SMTPResponseException | SMTPRecipientsRefused)  # the gateway has answered
    return Outcome(kind, f"smtp: {type(error).__name__} {error}", reached=reached)


def query_mail_gateway(_line: FaxLine, key: str) -> Outcome:
    """A gateway cannot be asked: the outcome stays UNDER_WAY."""
    return _waiting(key)


def _waiting(key: str) -> Outcome:
    return Outcome(OutcomeKind.UNDER_WAY, "the gateway took it", reference=key, retry_after=_NEXT_CHECK)


def _message(line: FaxLine, document: FaxDocument, to: str, gateway: str) -> EmailMessage:
    message = EmailMessage(policy=SMTP_POLICY)
    message["From"] = line.settings.get("from", _SENDER)
    message["To"] = to
    message["Subject"] = document.name
    message["Date"] = formatdate()
    # Equal at every attempt, so that the gateway can recognise a repeated mail.
    message["Message-ID"] = f"<{document.key.replace(':', '.')}@{gateway}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(f"FAX {document.name}\n")
    message.add_attachment(
        document.tiff,
        maintype="image",
        subtype="tiff",
        params={"application": "faxbw"},
        filename=f"{document.name}.tif",
    )
    return message
