"""Web link channel (共通情報引継ぎ方式): the mover's browser posts the filled form to the provider's own site."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from renrakucho.channel.channel import Channel, no_own_table
from renrakucho.channel.connection import Connection
from renrakucho.lib.browser_encoding import form_body
from renrakucho.lib.message_text import N_
from renrakucho.sheet.filled import FilledSheet


@dataclass(frozen=True)
class FormHandoff:
    """A form that the mover's browser posts. hosts: every host it may be redirected over, for CSP's form-action."""

    entry: str
    encoding: str
    pairs: tuple[tuple[str, str], ...]
    hosts: tuple[str, ...]

    @property
    def domain(self) -> str:
        """The host that the mover is shown."""
        return urlsplit(self.entry).netloc

    def body(self) -> bytes:
        """The exact bytes that the browser sends."""
        return form_body(self.pairs, self.encoding)


def form_handoff(filled: FilledSheet, connection: Connection, procedure: str) -> FormHandoff:
    """The form that hands a filled sheet over to the provider. Raises NotConnected."""
    entry = connection.entry(procedure)
    own = "{0.scheme}://{0.netloc}".format(urlsplit(entry))
    hosts = tuple(dict.fromkeys((own, *connection.hosts)))
    return FormHandoff(entry, filled.encoding, tuple(filled.pairs()), hosts)


WEBLINK = Channel(
    label=N_("Webリンク"),
    needs=N_("いまある申込画面。入力欄の名前と、外からのPOSTを受ける入口。戻りリンクを足すと受理も届く。"),
    arrived=N_(
        "お客さまのブラウザで引き継いだこと(引継中)。事業者が受け取ったことは、戻りリンクが来るまで分からない。"
    ),
    accepted=N_("事業者が署名した戻りリンク。通知一件に一度だけ使え、期限がある。"),
    failing=N_("お客さまの画面に事業者の答えがそのまま出る。引継中のまま残り、もう一度進むか、電話する。"),
    faults=no_own_table,
)
