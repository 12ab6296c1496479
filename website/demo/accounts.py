"""The demo accounts that the sign-in page and `make run` show, in demo mode only."""

from dataclasses import dataclass

from website.demo.reading import read


@dataclass(frozen=True, slots=True)
class DemoAccount:
    role: str
    name: str
    phone: str
    password: str
    says: str


def demo_accounts() -> list[DemoAccount]:
    told = read("accounts.yaml")
    return [
        DemoAccount(a["role"], a["person"], str(a["account"]), str(told["password"]), str(a.get("says", "")))
        for a in told["accounts"]
    ]
