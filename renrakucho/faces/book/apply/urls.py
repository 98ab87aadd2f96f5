"""The addresses of the application: top page to registration."""

from django.urls import path

from renrakucho.faces.book.apply.addresses import addresses
from renrakucho.faces.book.apply.check import check
from renrakucho.faces.book.apply.erase import erase
from renrakucho.faces.book.apply.items import items
from renrakucho.faces.book.apply.providers import providers
from renrakucho.faces.book.apply.top import top
from renrakucho.faces.book.apply.wishes import wishes

urlpatterns = [
    path("", top, name="top"),
    path("apply/", wishes, name="wishes"),
    path("apply/addresses", addresses, name="addresses"),
    path("apply/providers", providers, name="providers"),
    path("apply/items", items, name="items"),
    path("apply/check", check, name="check"),
    path("apply/erase", erase, name="erase"),
]
