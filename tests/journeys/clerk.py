"""A clerk at a provider's desk."""

from dataclasses import dataclass

from playwright.sync_api import Page


@dataclass
class Clerk:
    """A clerk, who logs in with an ID and a password."""

    page: Page
    portal: str

    def log_in(self, login_id: str, password: str) -> None:
        """Log in on the desk's own page."""
        self.page.goto(f"{self.portal}/desk/")
        self.page.locator('[name="login_id"]').fill(login_id)
        self.page.locator('[name="password"]').fill(password)
        self.page.get_by_role("button", name="ログイン", exact=True).click()

    def open(self, number: str) -> None:
        """Open a notice by its number, from the list of open notices."""
        self.page.goto(f"{self.portal}/desk/")
        self.page.get_by_role("link", name=number).click()

    def accept(self, number: str) -> None:
        """Accept the notice (受理) with the provider's own number."""
        self.page.locator('[name$="number"]').last.fill(number)
        self.page.get_by_role("button", name="受理する", exact=True).click()
