"""Sixty days of casework: officers of every level, a platform that mostly keeps its deadlines, merchants who object."""
from demo_node import need, settle

INFORMATION = {"order_type": "information-request", "basis": "电子商务法第二十五条", "purpose": "核查疑点所涉成交价格",
               "fields": ["sale.sale_id", "sale.sale_time", "sale.quantity", "sale.price"]}
ORDER = {"order_type": "order-to-act", "basis": "价格法第四十条", "purpose": "改正价格标示", "measures": ["correct_price_display"],
         "statement": "请标明被比较价格的含义，或者停止比较"}
DAYS = 60


class Life:
    """Each case follows a plan of its own: a list of (day, step). What a step does is one method."""

    def __init__(self, authority, platform, clock, findings, until: str):
        self.authority, self.platform, self.clock, self.until = authority, platform, clock, until
        self.plans = {}
        self.cases = {}
        for number, finding in enumerate(findings):
            for day, step in self.plan(number):
                self.plans.setdefault(day, []).append((step, finding))

    @staticmethod
    def plan(number: int):
        start = 1 + number % 20
        if number % 7 == 3:
            return [(start, "dismiss")]
        steps = [(start, "open"), (start + 1, "ask"), (start + 2 + (20 if number % 9 == 4 else 0), "answer")]
        steps += [(start + 2, "file"), (start + 4, "order"), (start + 7, "obey")]
        if number % 5 == 0:
            steps += [(start + 5, "object"), (start + 8 + (20 if number % 10 == 5 else 0), "reply")]
        if number % 6 != 1:  # the others are still open when the sixty days are over
            late = 25 if number % 5 == 0 else 9
            steps += [(start + late, "check"), (start + late + 1, "close")]
        return steps

    def live(self) -> None:
        for day in range(1, DAYS + 1):
            self.clock.advance(86_400)
            due = self.plans.get(day, [])
            # The authority's steps first, then what the platform does about what has arrived.
            for side in ("authority", "platform"):
                for step, finding in due:
                    if (step in ("answer", "obey", "object")) == (side == "platform"):
                        getattr(self, step)(finding)
                if due:
                    settle(self.authority, self.platform)

    # --- the authority ---

    def officer(self, finding):
        """The officers of the unit that has the case: a grant for that unit alone."""
        return ("officer", self.cases[finding["finding_id"]]["unit"], "unit")

    def case_path(self, finding, rest: str = "") -> str:
        return f"/v1/cases/{self.cases[finding['finding_id']]['case']}{rest}"

    def dismiss(self, finding) -> None:
        self.authority.post("officer", f"/v1/findings/{finding['finding_id']}/review", {"outcome": "dismissed", "reason": "页面另有说明，不构成疑点"})

    def open(self, finding) -> None:
        self.authority.post("officer", f"/v1/findings/{finding['finding_id']}/review", {"outcome": "confirmed", "reason": "证据充分"})
        case = self.authority.post("officer", "/v1/cases", {"finding": finding["finding_id"]})["case"]
        unit = self.authority.get("officer", f"/v1/cases/{case}")["unit"]
        self.cases[finding["finding_id"]] = {"case": case, "unit": unit}

    def scope(self, finding) -> dict:
        return {"shop": finding["shop"], "listing": finding["subject"], "from_date": "2026-01-05", "until_date": self.until}

    def ask(self, finding) -> None:
        sent = self.authority.post(self.officer(finding), self.case_path(finding, "/requests"), {**INFORMATION, "scope": self.scope(finding)})
        self.cases[finding["finding_id"]]["request"] = sent["message"]

    def file(self, finding) -> None:
        self.authority.post(self.officer(finding), self.case_path(finding, "/file"), {"grounds": "核查属实，应予立案"})

    def order(self, finding) -> None:
        sent = self.authority.post(self.officer(finding), self.case_path(finding, "/orders"), {**ORDER, "shop": finding["shop"], "listing": finding["subject"]})
        self.cases[finding["finding_id"]]["order"] = sent["message"]

    def reply(self, finding) -> None:
        objection = self.cases[finding["finding_id"]]["objection"]
        self.authority.post(self.officer(finding), f"/v1/objections/{objection}/answer", {"outcome": "rejected", "reasons": "页面留存显示当时未标明含义"})

    def check(self, finding) -> None:
        self.authority.post(self.officer(finding), self.case_path(finding, "/effect"), {"effective": True, "statement": "公开页面已标明含义"})

    def close(self, finding) -> None:
        seen = self.authority.get(self.officer(finding), self.case_path(finding))["seq"]
        self.authority.post(self.officer(finding), self.case_path(finding, "/close"), {"outcome": "corrected", "reason": "已改正", "seen": seen})

    # --- the platform ---

    def answer(self, finding) -> None:
        self.platform.post("clerk", f"/v1/requests/{self.cases[finding['finding_id']]['request']}/answer")

    def object(self, finding) -> None:
        order = self.cases[finding["finding_id"]]["order"]
        sent = self.platform.post("clerk", f"/v1/orders/{order}/objection", {"by": "merchant", "grounds": "商品详情页下方已说明被比较价格的含义"})
        self.cases[finding["finding_id"]]["objection"] = sent["message"]

    def obey(self, finding) -> None:
        self.platform.post("clerk", f"/v1/orders/{self.cases[finding['finding_id']]['order']}/answer", {"outcome": "done", "statement": "已通知商家改正"})


def check_lists(authority) -> None:
    """Each level sees its own: an officer's list of findings holds the regions below his unit, and no other."""
    seen = {}
    for unit in authority.get("officer", "/v1/units"):
        rows = authority.get(("officer", unit["unit"], "subtree"), "/v1/findings")
        prefix = unit["region"].rstrip("0") if unit["parent"] else ""
        need(all(row["region"].startswith(prefix) for row in rows), f"{unit['unit']} sees findings of other regions")
        seen[unit["unit"]] = len(rows)
    need(seen["county-11"] + seen["county-12"] == seen["city-1"] > 0, "two counties see something else than their city")
    need(seen["city-1"] + seen["city-2"] < seen["prov"], "the province sees no more than its cities: what has no region is missing")


def check_sums(authority) -> int:
    """County and county make the city, city and city the province, in every figure. Returns how many sums were compared."""
    compared = 0
    for unit in authority.get("officer", "/v1/units"):
        view = authority.get("officer", f"/v1/cockpit?unit={unit['unit']}")
        for figure, total in view["total"]["figures"].items():
            if view["rows"]:
                need(sum(row["figures"][figure] for row in view["rows"]) == total, f"{unit['unit']}: {figure} does not add up")
                compared += 1
    return compared
