"""Mistyped mail addresses are recognised, and real ones are left alone."""

import pytest

from renrakucho.lib.email_typo import suggest_email

MISTYPED = {
    "gmail.com": "gmial.com gamil.com gmai.com gmil.com gnail.com gmaik.com gmaill.con gmail.con gmail.co gmail.cmo "
    "gmal.c gmialcom gmail.comm gmail,com gmail..com gmailcom gmail.com. gmail gmail.jp gmail.co.jp gmail.ne.jp "
    "gmail.vom g-mail.com",
    "yahoo.co.jp": "yahoo.co.jo yahoo.cojp yahooco.jp yahoo.jp yaho.co.jp yhaoo.co.jp yahoo.co,jp yahoo.co.p",
    "docomo.ne.jp": "docomo.ne.jo docomo.ne docomo.jp docmo.ne.jp dokomo.ne.jp docomo.nejp docomone.jp docomo.me.jp "
    "docomo.ne.jpp docomo.ne.ip docomo docomo.en.jp docomo.co.jp",
    "ezweb.ne.jp": "ezwed.ne.jp ezweb.ne.jo ezweb.nejp",
    "softbank.ne.jp": "softbank.ne.jo sofbank.ne.jp softbamk.ne.jp sofbamk.ne.jp",
    "i.softbank.jp": "i.softbank.jo isoftbank.jp i.softbamk.jp",
    "icloud.com": "icloud.con iclud.com icloud.co.jp i-cloud.com",
    "au.com": "au.con au.comm",
    "outlook.jp": "outlook.jo outlook.co.jp",
    "blue.ocn.ne.jp": "blue.ocn.ne.jo",
    "example.com": "example.con example.cmo examplecom",
    "example.co.jp": "example.co.jo example.cojp example.co.jpp example.xo.jp",
    "example.ne.jp": "example.ne.jo example.me.jp",
    "example.jp": "examplejp",
    "example.net": "example.ner",
}
REAL = [
    "gmail.com",
    "yahoo.co.jp",
    "yahoo.com",
    "yahoo.fr",
    "yahoo.co.uk",
    "yahoo.com.tw",
    "yahoo.ca",
    "yahoo.ne.jp",
    "hotmail.fr",
    "hotmail.co.uk",
    "outlook.de",
    "outlook.com.br",
    "live.co.uk",
    "mail.com",
    "email.com",
    "ymail.com",
    "gmx.de",
    "docomo.ne.jp",
    "d.vodafone.ne.jp",
    "blue.ocn.ne.jp",
    "kxe.biglobe.ne.jp",
    "g.softbank.co.jp",
    "nttdocomo.com",
    "example.jp",
    "example.co.jp",
    "city.akishima.tokyo.jp",
    "city.yokohama.lg.jp",
    "u-tokyo.ac.jp",
    "waseda.jp",
    "me.com",
    "au.com",
    "kddi.com",
    "rakuten.co.jp",
    "sony.com",
    "nec.com",
    "nhk.or.jp",
    "mofa.go.jp",
    "example.cm",
    "example.co",
    "example.jo",
    "example.com.jo",
    "example.info",
    "example.io",
    "example.dev",
    "example.tokyo",
    "example.de",
    "dell.com",
    "mail.ru",
    "qq.com",
    "t-online.de",
    "mac.com",
    "gmo.jp",
    "sakura.ne.jp",
    "xserver.jp",
    "aa.bb.jp",
    "example.cam",
    "ya.ru",
    "me.jp",
    "foo.me.com",
    "line.com",
    "small.com",
    "outbooks.com",
    "gmain.cz",
]


@pytest.mark.parametrize(
    ("typed", "meant"), [(typed, meant) for meant, all_ in MISTYPED.items() for typed in all_.split()]
)
def test_the_likely_domain_is_suggested(typed: str, meant: str) -> None:
    assert suggest_email(f"taro@{typed}") == f"taro@{meant}"
    assert suggest_email(f"Taro.H+1@{typed.upper()}") == f"Taro.H+1@{meant}"


@pytest.mark.parametrize("domain", REAL)
def test_nobody_asks_about_a_real_domain(domain: str) -> None:
    assert suggest_email(f"taro@{domain}") == ""


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("taro.gmail.com", "taro@gmail.com"),
        ("taro@@gmail.com", "taro@gmail.com"),
        ("taro@gmail@com", "taro@gmail.com"),
        ("ta ro@gmail.com", "taro@gmail.com"),
        ("ｔａｒｏ＠ｇｍａｉｌ．ｃｏｎ", "taro@gmail.com"),
        ("taro@gmail。com", "taro@gmail.com"),
        ("mailto:taro@gmail.com", "taro@gmail.com"),
        ("<taro@gmail.com>", "taro@gmail.com"),
    ],
)
def test_what_is_wrong_around_the_domain_is_mended_too(typed: str, meant: str) -> None:
    assert suggest_email(typed) == meant


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "@",
        "taro",
        "taro@",
        "@gmail.com",
        "taro.@docomo.ne.jp",
        "ta..ro@docomo.ne.jp",
        "太郎@gmail.con",
        "taro@gmaelcam",
        " taro@gmail.com ",
        "Taro@Gmail.com",
    ],
)
def test_nothing_is_suggested_without_need_or_clue(typed: str) -> None:
    assert suggest_email(typed) == ""


@pytest.mark.parametrize("meant", [f"taro@{meant}" for meant in MISTYPED])
def test_a_suggestion_is_not_asked_about_again(meant: str) -> None:
    assert suggest_email(meant) == ""
