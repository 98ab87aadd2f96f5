"""The addresses of the application: top page to registration."""

from django.urls import path

from renrakucho.faces.book.apply.addresses_page import addresses_page
from renrakucho.faces.book.apply.items_page import items_page
from renrakucho.faces.book.apply.providers_page import providers_page
from renrakucho.faces.book.apply.registration_page import registration_page
from renrakucho.faces.book.apply.top_page import erase_draft, top_page
from renrakucho.faces.book.apply.wishes_page import wishes_page

urlpatterns = [
    path("", top_page, name="top"),
    path("apply/", wishes_page, name="wishes"),
    path("apply/addresses", addresses_page, name="addresses"),
    path("apply/providers", providers_page, name="providers"),
    path("apply/items", items_page, name="items"),
    path("apply/check", registration_page, name="check"),
    path("apply/erase", erase_draft, name="erase"),
]
