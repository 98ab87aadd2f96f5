"""What stands on every page around the mover's own words. The page goes to an office in Japan, so it is in Japanese."""

from renrakucho.lib.legible import in_fours
from renrakucho.lib.translate import N_
from renrakucho.paper.page import Page

_WORDS = {
    "to": N_("御中"),
    "number": N_("れんらく番号"),
    "written": N_("お客さまが送信された日時:"),
    "nothing": N_("（なし）"),
    "withdrawn": N_("取消 — お客さまがこの連絡を取り消しました。手続は要りません。"),
    "replaces": N_("差し替え — 連絡 %s の代わりです。前の連絡では手続をしないでください。"),
    "replaced": N_("変更済 — お客さまが内容を変更しました。この連絡では手続をしないでください。新しい連絡:"),
    "answer": N_("受付番号の回答（ログインは要りません）"),
    "how": N_("QRコードか次のアドレスから、受付番号か、差し戻す理由を入れてください。"),
    "code": N_("回答コード"),
    "office": N_("受付番号・メモ（貴所でお使いください）"),
    "stamp": N_("受付印"),
    "document": N_("引越しの連絡"),
    "trial": N_("送信テスト"),
    "trial_what": N_("このページは、引越しの連絡をFAXで送る前のテストです。お客さまの情報は載っていません。"),
    "trial_why": N_("ちがう番号へお客さまの情報を送らないために、番号を確かめています。"),
    "trial_do": N_("次のコードを、下の連絡先へお電話でお伝えください。伝えていただくまで、連絡は送りません。"),
    "trial_code": N_("確認コード"),
    "trial_number": N_("送り先の番号"),
    "trial_wrong": N_("お心当たりのないときも、お手数ですがお知らせください。この番号へは送らないようにします。"),
}


def words(page: Page | None = None) -> dict[str, str]:
    """All of them, by name, with the number that the page replaces in its place."""
    number = in_fours(page.replaces) if page else ""
    return {name: text.replace("%s", number) for name, text in _WORDS.items()}
