"""Code tables that several providers' forms share (`words = "<name>"` in a sheet), and the filters' Japanese words.

A table maps the text of a fact to its code.
"""

WEEKDAYS = "月火水木金土日"
FIRST_YEAR = "元"  # 令和元年
NO = "の"  # 1の2の3, as older forms write 1-2-3

_PREFECTURES = (
    *("北海道", "青森県", "岩手県", "宮城県", "秋田県", "山形県", "福島県"),
    *("茨城県", "栃木県", "群馬県", "埼玉県", "千葉県", "東京都", "神奈川県"),
    *("新潟県", "富山県", "石川県", "福井県", "山梨県", "長野県", "岐阜県", "静岡県", "愛知県"),
    *("三重県", "滋賀県", "京都府", "大阪府", "兵庫県", "奈良県", "和歌山県"),
    *("鳥取県", "島根県", "岡山県", "広島県", "山口県", "徳島県", "香川県", "愛媛県", "高知県"),
    *("福岡県", "佐賀県", "長崎県", "熊本県", "大分県", "宮崎県", "鹿児島県", "沖縄県"),
)

TABLES: dict[str, dict[str, str]] = {
    # JIS X 0401, "01" to "47"
    "prefecture_code": {name: f"{code:02d}" for code, name in enumerate(_PREFECTURES, 1)},
}
