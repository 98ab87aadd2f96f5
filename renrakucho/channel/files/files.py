"""The channel, put together."""

from renrakucho.channel.channel import Channel
from renrakucho.channel.files.answers import brought
from renrakucho.channel.files.send import gather, ready, send
from renrakucho.lib.translate import N_

FILES = Channel(
    label=N_("夜間ファイル"),
    needs=N_("SFTPなどで読み書きできるフォルダー。UTF-8かShift_JISのCSVを取り込めること。"),
    arrived=N_(
        "その夜のファイルを、番号付きで書き終えたこと(送信済)。書くまでは送信済にならない。"
        "事業者が取り込んだことは、答えのファイルが来るまで分からない。"
    ),
    accepted=N_("事業者が答えのCSVに受付番号を入れて戻したこと。どのファイルかを記録し、一行ごとの結果を返す。"),
    failing=N_(
        "書けなかった夜は、同じ番号でもう一度書く。引越しに間に合わないときとShift_JISで書けない字があるときは"
        "未達になり、お客さまにメールで知らせる。"
    ),
    send=send,
    ready=ready,
    gather=gather,
    brought=brought,
)
