<?php
// The address behind 引越れんらく帳へ戻る on your done page. $back: as it came from the portal; $secret: agreed with it;
// $number: your receipt number, in UTF-8; $at: the time now, time().
function way_back(string $back, string $secret, string $number, int $at): string
{
    $ticket = substr(strrchr(parse_url($back, PHP_URL_PATH), '/'), 1);
    $signature = hash_hmac('sha256', "$ticket\n$number\n$at", $secret);
    return "$back?" . http_build_query(['number' => $number, 'at' => $at, 'signature' => $signature]);
}
