"""Texts of the findings: a title and a remedy by code, for a provider's engineer."""

from collections.abc import Mapping

from renrakucho.lib.message_text import N_

_ENTRY = N_("外からのPOSTを、Cookieなし・CSRFトークンなしで受け、入力画面を返す入口が要ります。")

TITLES: Mapping[str, str] = {
    # how it is reached
    "certificate": N_("証明書を確かめられませんでした"),
    "unreachable": N_("つながりませんでした"),
    "too-many-hops": N_("転送が10回を超えました"),
    "too-large": N_("ページが2MBを超えたため、読むのをやめました"),
    "no-web-address": N_("httpでもhttpsでもないところへ転送されました"),
    "status": N_("画面の代わりに、エラーが返りました"),
    "post-refused": N_("外からのPOSTが断られました"),
    "only-post": N_("入口は、開くだけでは答えません"),
    "https": N_("すべてhttpsで、証明書も確かめられました"),
    "no-https": N_("個人の情報が、暗号にされないまま通ります"),
    "action-plain": N_("画面の次の送り先が、httpsではありません"),
    "hosts": N_("転送の途中のホストは、すべて接続設定にあります"),
    "host-missing": N_("転送の途中に、接続設定にないホストがあります"),
    # what it is
    "no-form": N_("画面に、様式の項目を持つフォームがありません"),
    "method": N_("画面のフォームが、入力をアドレスに付けて送ります"),
    "multipart": N_("画面のフォームは multipart/form-data で送ります"),
    "encoding-right": N_("文字コードが様式と合っています"),
    "encoding": N_("文字コードが、様式と違います"),
    "encoding-unsaid": N_("画面が、文字コードを名乗っていません"),
    "encoding-two": N_("HTTPヘッダーとmetaで、文字コードが食い違っています"),
    # its fields
    "field": N_("入力欄があり、長さと選択肢が様式と合っています"),
    "field-missing": N_("入力欄が、画面にありません"),
    "length-unknown": N_("画面には文字数の上限がありますが、様式にはありません"),
    "length-short": N_("画面の欄が、様式より短くなっています"),
    "length-long": N_("画面の欄のほうが、様式より長く入ります"),
    "choice-missing": N_("様式が送る値が、画面の選択肢にありません"),
    "required-there": N_("画面では必須ですが、様式では空でも送れます"),
    "asked-there": N_("様式が埋めない欄は、お客さまが画面で入力します"),
    "asked-there-unsaid": N_("様式が埋めない欄がありますが、asked_there が空です"),
    # the hand-over
    "post-untried": N_("外からのPOSTを受けるかは、まだ確かめていません"),
    "taken": N_("外からのPOSTを、Cookieなしで受けました"),
    "not-the-form": N_("見本を送ったあと、入力画面になりませんでした"),
    "not-the-form-strict": N_("見本を送ったあと、入力画面になりませんでした"),
    "values": N_("送った言葉は、すべてそのまま画面に入っています"),
    "value-lost": N_("送った言葉が、画面に入っていません"),
    "value-cut": N_("送った言葉が、途中で切られています"),
    "value-changed": N_("送った言葉が、画面で変わっています"),
    "way-back-kept": N_("戻りリンクが、次の画面へ引き継がれます"),
    "way-back-unseen": N_("戻りリンクが、画面に見当たりません"),
    "no-way-back-blank": N_("様式に、戻りリンクを渡す欄がありません"),
    # the done page
    "not-done": N_("完了画面まで進めませんでした"),
    "no-return-link": N_("完了画面に、引越れんらく帳へ戻るリンクがありません"),
    "signed": N_("戻りリンクは、正しく署名されています"),
    "unsigned": N_("戻りリンクに、署名がそろっていません"),
    "number-odd": N_("受付番号に、使えない文字があるか、長すぎます"),
    "number-unseen": N_("リンクの受付番号が、完了画面に見当たりません"),
    "time-unit": N_("戻りリンクの時刻が、秒数ではありません"),
    "time-off": N_("戻りリンクの時刻が、5分より大きくずれています"),
    **dict.fromkeys(
        (
            *("slip-order", "slip-last-newline", "slip-encoded", "slip-whole-url", "slip-no-ticket", "slip-no-time"),
            *("slip-joint", "slip-upper", "slip-base64", "slip-no-hmac", "slip-swapped", "slip-hex-key"),
            "wrong-signature",
        ),
        N_("戻りリンクの署名が合いません"),
    ),
}

MENDS: Mapping[str, str] = {
    "certificate": N_("中間証明書が抜けていないか、期限が切れていないか、お確かめください。"),
    "unreachable": N_("アドレスと、外からの接続を止めている設定をお確かめください。"),
    "too-many-hops": N_("転送が輪になっていないか、お確かめください。"),
    "too-large": N_("アドレスが申込画面のものか、お確かめください。"),
    "no-web-address": N_("転送先をお確かめください。"),
    "status": N_("アドレスをお確かめください。"),
    "post-refused": _ENTRY,
    "only-post": N_("入口としては、これで構いません。--hand-over を付けて、見本を送って確かめてください。"),
    "no-https": N_("入口も転送の途中も、すべてhttpsにしてください。"),
    "action-plain": N_("フォームの action をhttpsにしてください。"),
    "host-missing": N_("接続設定を %(hosts)s にしてください。ないと、お客さまのブラウザがそこで止まります。"),
    "no-form": N_(
        "入力画面のアドレスを --url で渡すか、--hand-over を付けて入口から確かめてください。"
        "スクリプトが作る画面は読めません。"
    ),
    "method": N_('アドレスは履歴や記録に残ります。method="post" にしてください。'),
    "multipart": N_("引継ぎの入口は、application/x-www-form-urlencoded も受けるようにしてください。"),
    "encoding": N_('様式を encoding = "%(form)s" にしてください（UTF-8、Shift_JIS、EUC-JPのどれか）。'),
    "encoding-unsaid": N_("HTTPヘッダーのContent-Typeに charset を付けてください。ないと、ブラウザが推し量ります。"),
    "encoding-two": N_("ブラウザはHTTPヘッダーのほうに従います。どちらも同じにしてください。"),
    "field-missing": N_(
        "名前が変わったのなら、様式の name を合わせてください。なくなった項目なら、様式から消してください。"
        "次の画面の項目なら、--send で最後まで確かめてください。"
    ),
    "length-unknown": N_("様式に longest = %(there)s と書いてください。長すぎる言葉を、送る前にお客さまへ知らせます。"),
    "length-short": N_("様式を longest = %(there)s にするか、画面の maxlength を %(ours)s に広げてください。"),
    "length-long": N_("事業者が受け取れる長さなら、様式を longest = %(there)s にしてください。断る名前が減ります。"),
    "choice-missing": N_("様式が送る値を、画面の value（表示される言葉ではなく）に合わせてください。"),
    "required-there": N_("空では進めないのなら、様式に required = true と書いてください。"),
    "asked-there-unsaid": N_("手元に用意するもの（お客さま番号など）があれば、様式の asked_there に書いてください。"),
    "post-untried": N_("--hand-over を付けると、見本を入口へ送って確かめます。それだけでは申込になりません。"),
    "not-the-form": _ENTRY,
    "not-the-form-strict": N_(
        "SameSite=Strict のCookie（%(names)s）は、ほかのサイトから来て転送された画面には送られません。"
        "転送せずに入力画面を返すか、SameSite=Lax にしてください。"
    ),
    "value-lost": N_("入口が、この名前の項目を受け取っていません。受け取る項目に足してください。"),
    "value-cut": N_("欄の長さを広げるか、様式の longest を短くしてください。"),
    "value-changed": N_(
        "入口が、様式の encoding と同じ文字コードで読んでいるか、言葉を直していないか、お確かめください。"
    ),
    "way-back-unseen": N_("セッションにお持ちなら構いません。--send を付けて、完了画面まで確かめてください。"),
    "no-way-back-blank": N_("受け取る欄の名前を事業者に聞き、様式に足してください。ないと、受理は返ってきません。"),
    "not-done": N_("事業者の画面が尋ねる項目を --own 名前=値 で添えて、もう一度お試しください。"),
    "no-return-link": N_("受け取った戻り先を完了画面まで持ち、リンクにしてください。docs/way-back/ に例があります。"),
    "unsigned": N_("%(names)s がありません。署名のない戻りでは、受理になりません。docs/way-back/ に例があります。"),
    "number-odd": N_("英数字、漢字、カタカナ、空白と - / # . で、40文字までにしてください。ほかは受理になりません。"),
    "number-unseen": N_("お客さまが控えられるように、同じ番号を画面にも出してください。"),
    "time-unit": N_("1970年からの秒数を、整数で入れてください（ミリ秒ではありません）。"),
    "time-off": N_("サーバーの時刻合わせ（NTP）をお確かめください。"),
    "slip-order": N_("並びは、チケット、受付番号、時刻です。"),
    "slip-last-newline": N_("最後の行のあとには、改行を付けません。"),
    "slip-encoded": N_("受付番号は、URLに入れる前の文字のまま署名します。"),
    "slip-whole-url": N_("1行目は、アドレスの最後の / より後ろだけです。"),
    "slip-no-ticket": N_("チケット（アドレスの最後の / より後ろ）も署名に入れます。"),
    "slip-no-time": N_("時刻も署名に入れます。"),
    "slip-joint": N_("3つを、改行（LF）1つずつで区切ります。"),
    "slip-upper": N_("16進は小文字で書いてください。"),
    "slip-base64": N_("base64ではなく、16進（64文字）で書いてください。"),
    "slip-no-hmac": N_("SHA-256だけでなく、HMAC-SHA256を使ってください。"),
    "slip-swapped": N_("鍵と本文が入れ替わっています。"),
    "slip-hex-key": N_("鍵は、16進をほどかず、書いてある文字のままUTF-8のバイト列にして使います。"),
    "wrong-signature": N_("鍵が同じか、3行の中身と順が docs/way-back/ のとおりか、お確かめください。"),
}
