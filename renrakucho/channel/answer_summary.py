"""Redaction by an allow-list: what an operator may read of another system's answer.

An answer may repeat whatever was sent: names, addresses, numbers. No rule finds all of these in a text, so only words
that are listed here stay, and everything else becomes «…». The whole answer is kept beside it, sealed.
"""

import re

LONGEST_SUMMARY = 160  # characters
_LONGEST_LINE = 400  # characters of an answer's line that are read

_ENGLISH = frozenset(
    re.findall(
        r"\w+",
        """
    a abort aborted accept accepted access account address again allowed already an answer any api application are as at
    authentication authority authorization authorized bad batch be because body broken busy but by call cannot
    certificate change channel char character charset check client close closed code configured conflict connect
    connection contact content could crash data database date day deferred denied description destination detail did
    disabled disconnected does down duplicate email empty encoding entered error errors exceeded exist existing expected
    expired failed failure family fatal field fields file folder for forbidden form format found from full gateway given
    gone greylisted handshake has header headers hfaxd holds host html http https id idempotency in instance internal
    invalid is it its jis job json key large length limit line local login long mail mailbox maintenance malformed
    match message method missing month move must name network no not nothing notice null number object of offline on or
    order origin out page parse password path payload phone plain please policy postal print printed problem proved
    provider proxy quota rate reason receipt received recipient redirect refused rejected relay request required reset
    resource resources response retry route schema secret see sender sent server service session sheet shift short
    signature signed size smtp socket sql ssl started status storage stored string submitted success syntax system table
    temporarily temporary terminated text that the there this time timed timeout timestamp title tls to token too tried
    try type unauthorized unavailable unexpected unknown unprocessable unreachable unsupported until url user utf valid
    validation value version wait was web webhook with write wrong year
    """,
    )
)
_JAPANESE = re.compile(
    "メンテナンス|エラー|タイムアウト|サーバー|システム|アクセス|データベース|リクエスト|ページ|"
    "署名|認証|権限|鍵|期限|接続|拒否|失敗|不正|必須|項目|形式|桁数|文字|重複|混み合って|"
    "停止|休止|夜間|受付時間外|見つかりません|ありません|できません|上限|超え|氏名|フリガナ|"
    "住所|電話番号|郵便番号|メールアドレス|日付|お客さま番号|届出|番号|コード"
)
_ERROR_CLASS = re.compile(r"[A-Z][A-Za-z]{2,40}(Error|Refused|Exception|Timeout|Disconnected|Broken)")
# Of the first line, which our own channels write: «422 application/json», «smtp: SMTPDataError (552, …».
_STATUS = re.compile(r"(?:(?:smtp|hfaxd): \w+ \(?)?([1-5]\d\d)\b")
_TOKENS = re.compile(rf"(?P<word>[A-Za-z]+)|(?P<kept>{_JAPANESE.pattern})|(?P<gap>[\s\W_]+?)|(?P<other>.)", re.DOTALL)


def summarize_answer(evidence: str) -> str:
    """The status code, the class of an error, and of the first two lines the words that are safe; empty for nothing.

    evidence: as in Outcome. Its first line is the channel's, the second the beginning of the other side's answer.
    """
    first, _newline, rest = evidence.strip().partition("\n")
    status = _STATUS.match(first)
    error = _ERROR_CLASS.search(first[:_LONGEST_LINE])
    known = [status[1] if status else "", error[0] if error else ""]
    second = rest.strip().partition("\n")[0]
    lines = [_safe_words(line) for line in (first, second) if line]
    return " ".join(part for part in (*known, " / ".join(lines)) if part)[:LONGEST_SUMMARY].strip()


def _safe_words(line: str) -> str:
    words: list[str] = []
    for token in _TOKENS.finditer(line[:_LONGEST_LINE]):
        if token["gap"]:
            continue
        is_safe = token["kept"] or (token["word"] or "").lower() in _ENGLISH
        word = token[0] if is_safe else "…"
        if word != "…" or words[-1:] != ["…"]:
            words.append(word)
    return " ".join(words)
