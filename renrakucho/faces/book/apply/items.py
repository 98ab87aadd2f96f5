"""③: the common items, once for everyone."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render

from renrakucho.faces.book.apply.item_groups import groups
from renrakucho.faces.book.apply.items_form import ItemsForm
from renrakucho.faces.book.apply.steps import Visit, see_other, step


@step("items")
def items(visit: Visit) -> HttpResponse:
    """What the chosen providers need and nothing more; who gets what stands below each field."""
    data = visit.request.POST if visit.posted else visit.late()
    form = ItemsForm(visit.entries, visit.offers, data, told=visit.told)
    if visit.posted and form.is_valid():
        visit.save(form.entries())
        return see_other("check")
    form.is_valid()  # what came late is checked too, before its ticks are drawn
    context = visit.page(
        form=form,
        groups=groups(form),
        entries=visit.entries,
        messages=messages.get_messages(visit.request),
    )
    return render(visit.request, "book/apply/items.html", context, status=422 if visit.posted else 200)
