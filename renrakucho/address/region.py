"""The region that the service knows in all four industries; electricity and telephone it knows in all Japan."""

REGION = ("茨城県", "栃木県", "群馬県", "埼玉県", "千葉県", "東京都", "神奈川県", "山梨県", "静岡県")
