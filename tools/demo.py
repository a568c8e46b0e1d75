#!/usr/bin/env python3
"""Plays a sample market between an authority and two platforms, over the same interfaces as a real deployment.

  demo.py           plays it, walks through its seven stops, and leaves the nodes running
  demo.py --check   the same without leaving anything: prints one JSON object as the last line

Everything happens on simulated time in a folder of its own (.demo/, made anew each time).
"""
import argparse
import json
import os
import re
import shutil
import signal
import sys
import time
import urllib.request
from pathlib import Path

from demo_life import DAYS, Life, check_lists, check_sums
from demo_node import FOLDER, PROGRAM, Clock, Failed, Node, Process, join, need, run, run_json, say, settle

RULE, PRIVACY_RULE, EU_RULE = "price-reference", "collection-beyond-need", "prior-price"
RULES_DAY = "2026-03-09"
TAMPER_TRIES = 8
UNITS = [("prov", "", "990000", "province", "示例省市场监督管理局", "Sample Province"),
         ("city-1", "prov", "990100", "city", "示例一市市场监督管理局", "Sample City One"),
         ("city-2", "prov", "990200", "city", "示例二市市场监督管理局", "Sample City Two"),
         ("county-11", "city-1", "990101", "county", "示例甲县市场监督管理局", "Sample County A"),
         ("county-12", "city-1", "990102", "county", "示例乙县市场监督管理局", "Sample County B"),
         ("county-21", "city-2", "990201", "county", "示例丙县市场监督管理局", "Sample County C"),
         ("county-22", "city-2", "990202", "county", "示例丁县市场监督管理局", "Sample County D")]
COUNTERS = ("records_loaded", "records_submitted", "records_refused", "findings", "true_findings", "false_findings", "missed_findings", "requests_blocked",
            "requests_answered", "objections_answered", "cases_closed", "privacy_findings", "looks_without_second_person_refused", "looks_seen_by_provider",
            "corrections", "identity_mismatches_caught", "metrics_with_denominator", "receipts_verified", "tampered_tried", "tampered_rejected")


class Play:
    def __init__(self):
        self.counts = {key: 0 for key in COUNTERS}
        self.processes = []
        self.stops = []  # (zh, en, link, proof)
        self.messages = []  # (platform, message id): both sides' receipts are verified at the end

    @staticmethod
    def proof(node: Node, message: str) -> str:
        """The command that verifies a message's receipt; prove() writes the files."""
        return f"gongzhi verify .demo/proofs/{node.name}-{message}.receipt --policy .demo/proofs/{node.name}.policy"

    def stop_at(self, zh: str, en: str, link: str, proof: str) -> None:
        self.stops.append((zh, en, link, proof))

    def meet(self) -> None:
        say("节点相识 / the nodes meet: init, invite, join; the small platform is a desk in the authority's process")
        self.authority = Node("authority", "authority", "示例省市场监督管理局", "Sample Province Market Regulator")
        self.second = Node("second", "platform", "示例街坊集", "Sample Corner Market")
        self.platform = Node("platform", "platform", "示例电商平台", "Sample Platform")
        self.clock = Clock(FOLDER / "clock")
        self.processes += [Process(self.authority, self.second), Process(self.platform)]
        for unit, parent, region, level, zh, en in UNITS:
            self.authority.post("system_administrator", "/v1/units", {"unit": unit, "parent": parent, "region": region, "level": level, "name_zh": zh, "name_en": en})
        join(self.authority, self.platform)
        join(self.authority, self.second)
        self.market = FOLDER / "market"
        run("market", self.market)
        self.folders = {self.platform: self.market, self.second: self.market / "second"}
        self.keys = {node: json.loads((folder / "answer_key.json").read_text()) for node, folder in self.folders.items()}
        self.all_nodes = [self.authority, self.platform, self.second]

    # --- identity: checked against the registry before it is submitted ---

    def identities(self) -> None:
        say("报送前核验经营主体 / traders are checked against the registry, then submitted (D1)")
        need(self.authority.submit(self.market / "registry.csv", "registry")["refused"] == 0, "the registry has faults")
        settle(self.authority)
        for node in self.folders:
            key = self.keys[node]["identities"]
            answer = node.post("clerk", "/v1/checks/identity", {"to": "authority", "items": [{"credit_code": i["credit_code"], "name": i["name"]} for i in key]})
            self.messages.append((node, answer["check"]))
            told = [(r["credit_code"], r["verdict"]) for r in answer["results"]]
            need(told == [(i["credit_code"], i["verdict"]) for i in key], f"{node.name}: the registry's answers are not those planted")
            self.counts["identity_mismatches_caught"] += sum(1 for _, verdict in told if verdict != "valid")
            if node is not self.second:  # the small platform forgets its January report
                self.submit_onward(node, self.folders[node] / "traders.ndjson", "trader")
        settle(*self.all_nodes)
        self.stop_at("平台在报送前核验经营者身份，当场得到签名并注明日期的答复；不符的被查出。",
                     "The platform checks its traders before submitting and gets a signed, dated answer at once; the wrong ones are caught.",
                     self.platform.link("engineer", "/checks"), self.proof(self.platform, self.messages[0][1]))

    def submit_onward(self, node: Node, file: Path, record_type: str) -> None:
        summary = node.submit(file, record_type)
        need(summary["refused"] == 0, f"{file.name}: {summary['refused']} refused")
        self.counts["records_loaded"] += summary["accepted"]
        for receipt in summary["receipts"]:
            node.post("clerk", "/v1/onward", {"entry": receipt["entry"], "to": "authority"})

    # --- privacy notices: a rule over what was submitted ---

    def privacy_notices(self) -> None:
        say("隐私政策受监督 / privacy notices are supervised: PRI-MIN")
        for node, folder in self.folders.items():
            self.submit_onward(node, folder / "privacy_notices.ndjson", "privacy_notice")
        settle(*self.all_nodes)
        ran = self.authority.post("officer", f"/v1/rules/{PRIVACY_RULE}/run")
        settle(self.authority)
        rows = [row for row in self.authority.get("officer", "/v1/findings") if row["rule"] == PRIVACY_RULE]
        need(len(rows) == ran["findings"], "not every privacy finding is on record")
        found = {}
        for row in rows:
            evidence = self.authority.get("officer", f"/v1/findings/{row['finding_id']}")["evidence"]
            found[(row["party"], evidence[0]["record_id"])] = row["verdict"]
        planted = {(node.name, n["record_id"]): n["verdict"] for node in self.folders for n in self.keys[node]["notices"] if n["verdict"] != "clear"}
        self.compare(found, planted)
        self.counts["privacy_findings"] = sum(1 for verdict in found.values() if verdict == "suspect")
        self.privacy_finding = rows[0]["finding_id"]

    def compare(self, found: dict, planted: dict) -> None:
        self.counts["findings"] += len(found)
        self.counts["true_findings"] += sum(1 for key, verdict in found.items() if planted.get(key) == verdict)
        self.counts["false_findings"] += sum(1 for key, verdict in found.items() if planted.get(key) != verdict)
        self.counts["missed_findings"] += sum(1 for key, verdict in planted.items() if found.get(key) != verdict)

    # --- clues: each on its day, some too late ---

    def clues(self) -> None:
        say("主动移送线索 / clues are handed over (D2), some too late")
        days = {}
        for node, folder in self.folders.items():
            lines = {json.loads(line)["clue_id"]: line for line in (folder / "clues.ndjson").read_text().splitlines()}
            for clue in self.keys[node]["clues"]:
                days.setdefault(clue["submit_date"], []).append((node, lines[clue["clue_id"]]))
        for day in sorted(days):
            self.clock.advance_to(day)
            for i, (node, line) in enumerate(days[day]):
                file = FOLDER / f"clue-{day}-{i}.ndjson"
                file.write_text(line + "\n")
                self.submit_onward(node, file, "clue")
                file.unlink()
            settle(*self.all_nodes)  # before the clock moves on: what is on its way would be late
        late = {n.name: sum(1 for c in self.keys[n]["clues"] if c["late"]) for n in self.folders}
        told = {name: 0 for name in late}
        for row in self.authority.get("officer", "/v1/submissions"):
            if row["record_type"] == "clue":
                told[row["party"]] += row["late"]
        need(told == late, f"late clues: {told} instead of {late}")
        due = {row["party"]: row["state"] for row in self.authority.get("officer", "/v1/deadlines") if row["from_date"] == "2026-01-01"}
        need(due == {"platform": "in_time", "second": "missing"}, f"the January reports of traders: {due}")

    # --- data governance: refused lines, mended lines, corrections ---

    def load(self) -> None:
        say("平台把数据载入自己的节点 / the platforms load their data into their own nodes")
        self.clock.advance_to(RULES_DAY)
        self.receipts = FOLDER / "receipts"
        for node, folder in self.folders.items():
            more = ("--receipts", self.receipts) if node is self.platform else ()
            for record_type, name in (("coverage", "coverage"), ("offer", "offers"), ("sale", "sales")):
                summary = node.submit(folder / f"{name}.ndjson", record_type, *more)
                need(summary["refused"] == 0, f"{name}: {summary['refused']} refused")
                self.counts["records_loaded"] += summary["accepted"]
        settle(*self.all_nodes)
        taken = self.authority.get("officer", "/v1/submissions")
        self.counts["records_submitted"] = sum(row["record_count"] for row in taken if row["party"] != "authority")
        need({row["record_type"] for row in taken if row["party"] != "authority"} == {"trader", "privacy_notice", "clue"}, "something left that the law does not name")

    def govern_data(self) -> None:
        say("逐行退回、改正、更正 / refused line by line, mended, corrected")
        for dirty in sorted(self.market.glob("dirty-*.ndjson")):
            problems = FOLDER / f"{dirty.stem}.problems"
            summary = self.platform.submit(dirty, dirty.stem.removeprefix("dirty-"), "--lenient", "--problems", problems)
            told = {(p["line"], p["pointer"], p["code"]) for p in map(json.loads, problems.read_text().splitlines())}
            expected = {(e["line"], e["field"], e["code"]) for e in self.keys[self.platform]["expect_refused"] if e["file"] == dirty.name}
            need(told == expected, f"{dirty.name}: the faults told are not those planted: {sorted(told ^ expected)[:5]}")
            self.counts["records_refused"] += summary["refused"]
        for mended in sorted(self.market.glob("mended-*.ndjson")):
            need(self.platform.submit(mended, mended.stem.removeprefix("mended-"))["refused"] == 0, f"{mended.name}: a mended line was refused")
        for corrections in sorted(self.market.glob("corrections-*.ndjson")):
            summary = self.platform.submit(corrections, corrections.stem.removeprefix("corrections-"), "--corrects")
            self.counts["corrections"] += summary["corrected"]
        settle(self.platform)
        correction = self.keys[self.platform]["corrections"][0]
        path = f"/v1/records/{Path(correction['file']).stem.removeprefix('corrections-')}/{correction['record_id'].replace('/', '%2F')}"
        versions = self.platform.get("clerk", path)
        need(len(versions) >= 2 and versions[0]["entry_to"] == versions[1]["entry_from"], "a correction did not keep both versions")
        for version in versions:
            as_of = self.platform.get("clerk", f"{path}?as_of={version['entry_from']}")
            need([v["version"] for v in as_of] == [version["version"]], "as_of does not show the version that was current then")
        self.stop_at("有错的文件逐行退回，改好再报，事后更正；两个版本都可证明，按时点可查。",
                     "A dirty file comes back line by line, is mended and corrected; both versions stay provable, and each shows as of its time.",
                     self.platform.link("clerk", path.removeprefix("/v1")), f"GET {self.platform.url}{path}?as_of={versions[0]['entry_from']}")

    # --- supervision ---

    def run_rule(self, authority: Node, platform: Node, rule: str):
        authority.post("officer", f"/v1/rules/{rule}/send", {"to": platform.name})
        settle(authority, platform)
        bundle = platform.get("engineer", "/v1/rule-bundles")[0]["message_id"]
        need(platform.get("engineer", f"/v1/rule-bundles/{bundle}")["discloses"], "the bundle does not say what it discloses")
        report = platform.post("engineer", f"/v1/rule-bundles/{bundle}/accept")
        settle(platform, authority)
        return report

    def offers_found(self, authority: Node, rule: str) -> dict:
        found = {}
        for row in authority.get("officer", "/v1/findings"):
            if row["rule"] != rule:
                continue
            need(row["verdict"] != "refused", f"a finding's proof did not verify: {row['reason']}")
            evidence = authority.get("officer", f"/v1/findings/{row['finding_id']}")["evidence"]
            offers = [e["record_id"] for e in evidence if e["record_type"] == "offer"]
            found[offers[0]] = row["verdict"]
        return found

    def supervise(self) -> None:
        say("规则到数据那里去 / the rule travels to the data; at the second platform a lawful request (D4)")
        self.report = self.run_rule(self.authority, self.platform, RULE)
        found = self.offers_found(self.authority, RULE)
        need(len(found) == self.report["findings"], f"{self.report['findings']} findings were sent, {len(found)} arrived")
        self.compare(found, {f"{a['shop']}/{a['offer_id']}": a["verdict"] for a in self.keys[self.platform]["findings"]})
        self.findings = [row for row in self.authority.get("officer", "/v1/findings") if row["rule"] == RULE and row["verdict"] == "suspect"]
        ask = {"to": "second", "order_type": "specified-trade-request", "basis": "网络交易合规数据报送管理暂行办法第十条", "purpose": "了解该品类在该地区的成交价格",
               "fields": ["sale.category", "sale.region", "sale.sale_time", "sale.quantity", "sale.price"],
               "scope": {"category": "household/cups", "region": "990100", "from_date": "2026-01-05", "until_date": "2026-03-06"}}
        self.authority.post(("officer", "county-11", "unit"), "/v1/requests", ask, expect=422)  # only a province may ask
        sent = self.authority.post("officer", "/v1/requests", ask)
        settle(self.authority, self.second)
        answer = self.second.post("clerk", f"/v1/requests/{sent['message']}/answer")
        settle(self.second, self.authority)
        rows = next(r for r in self.authority.get("officer", "/v1/requests") if r["message_id"] == sent["message"])
        need(rows["state"] == "answered" and rows["answer_rows"] > 0, "the D4 request brought no rows")
        self.messages += [(self.second, sent["message"]), (self.second, answer["message"])]
        self.stop_at(f"第一家平台的虚假折扣由规则在平台本地发现，数据没有离开；第二家平台依法按品类、期间、区域提供了{rows['answer_rows']}行。",
                     f"The false discounts of the first platform are found where the data is; the second answers a lawful request with {rows['answer_rows']} rows in scope.",
                     self.authority.link("officer", f"/findings/{self.findings[0]['finding_id']}"), f"gongzhi verify .demo/proofs/{self.findings[0]['finding_id']}.json --policy .demo/proofs/authority.policy")

    def european(self) -> None:
        say("另一法域只是内容 / another jurisdiction is content only: the European price-reduction rule")
        authority = Node("eu-authority", "authority", "欧盟示例机关", "Sample Union Authority", "eu")
        platform = Node("eu-platform", "platform", "欧盟示例平台", "Sample Union Platform", "eu")
        process = Process(authority, platform)
        self.processes.append(process)
        join(authority, platform)
        for record_type, name in (("coverage", "coverage"), ("offer", "offers")):
            summary = platform.submit(self.market / "eu" / f"{name}.ndjson", record_type)
            need(summary["refused"] == 0, f"eu/{name}: {summary['refused']} refused")
            self.counts["records_loaded"] += summary["accepted"]
        settle(platform, authority)
        self.run_rule(authority, platform, EU_RULE)
        key = json.loads((self.market / "eu" / "answer_key.json").read_text())
        self.compare(self.offers_found(authority, EU_RULE), {f"{a['shop']}/{a['offer_id']}": a["verdict"] for a in key["findings"] if a["rule"] == EU_RULE})
        process.stop()

    # --- power is bound; sixty days of cases ---

    def bind_power(self) -> None:
        say("请求先过闸 / a request passes the gate first")
        finding = self.findings[-1]  # of this one the walk tells the whole story
        self.authority.post("officer", f"/v1/findings/{finding['finding_id']}/review", {"outcome": "confirmed", "reason": "证据充分"})
        case = self.authority.post("officer", "/v1/cases", {"finding": finding["finding_id"]})["case"]
        path = f"/v1/cases/{case}"
        scope = {"shop": finding["shop"], "listing": finding["subject"], "from_date": "2026-01-05", "until_date": RULES_DAY}
        ask = {"order_type": "information-request", "basis": "电子商务法第二十五条", "purpose": "核查疑点所涉成交价格", "fields": ["sale.sale_time", "sale.price"], "scope": scope}
        for change in ({"fields": ["sale.price", "sale.buyer"]}, {"basis": ""}, {"fields": ["trader.contact"]}):
            self.authority.post("officer", path + "/requests", {**ask, **change}, expect=422)
        sent = self.authority.post("officer", path + "/requests", ask)
        settle(self.authority, self.platform)
        answer = self.platform.post("clerk", f"/v1/requests/{sent['message']}/answer")
        self.messages += [(self.platform, sent["message"]), (self.platform, answer["message"])]
        self.case, self.case_finding = case, finding
        # Another county's officer learns nothing of it, and that he asked is on record.
        other = next(u[0] for u in UNITS if u[3] == "county" and u[0] != self.authority.get("officer", path)["unit"])
        self.authority.call(("officer", other, "unit"), "GET", path, expect=404)
        audit = self.authority.get("audit_administrator", "/v1/audit")
        need(any(item["outcome"] == "out_of_reach" and item["unit"] == other for item in audit), "the look at another county's case is not on record")
        self.stop_at("多要一个字段的请求发不出去，改正后按期得到答复；立案、责令、异议、答复、核查效果、办结都在案。",
                     "A request with a field too many never leaves; corrected it is answered in time. Filed, ordered, objected, answered, checked, closed: all on record.",
                     self.authority.link("officer", f"/cases/{case}"), self.proof(self.platform, sent["message"]))

    def privacy(self) -> None:
        say("调阅要有第二人 / looking at a protected value needs a second person")
        trader = next(t for t in map(json.loads, (self.market / "traders.ndjson").read_text().splitlines()) if t.get("shop") == self.case_finding["shop"])
        path = f"/v1/cases/{self.case}/reveals"
        asked = self.authority.post("officer", path, {"record_type": "trader", "record_id": trader["trader_id"], "field": "contact", "purpose": "notify_party", "note": "送达立案通知"})
        self.authority.post("officer", f"/v1/reveals/{asked['reveal']}/look", expect=403)
        self.authority.post("officer", f"/v1/reveals/{asked['reveal']}/decision", {"approved": True}, expect=403)
        self.authority.post(("officer", "prov", "subtree"), f"/v1/reveals/{asked['reveal']}/decision", {"approved": True})
        answers = len(Node.answers)
        shown = self.authority.post("officer", f"/v1/reveals/{asked['reveal']}/look")
        self.messages.append((self.platform, shown["told"]))
        del Node.answers[answers:]  # the one place where a protected value may stand
        need(shown["value"] == trader["contact"], "another value was shown than the trader's")
        self.authority.post("officer", f"/v1/reveals/{asked['reveal']}/look", expect=409)
        settle(self.authority, self.platform)
        self.counts["looks_without_second_person_refused"] = sum(r["refused_tries"] for r in self.authority.get("officer", "/v1/reveals"))
        self.counts["looks_seen_by_provider"] = len(self.platform.get("engineer", "/v1/looks"))
        self.stop_at("平台过度收集被发现；执法人员调阅受保护的内容须第二人批准，只看一次，平台看得到谁看了什么。",
                     "Collection beyond need is found; a look at a protected value waits for a second person, happens once, and shows on the platform's desk.",
                     self.platform.link("engineer", "/looks"), self.proof(self.platform, shown["told"]))

    def live(self) -> None:
        say(f"{DAYS}天的办案 / {DAYS} days of casework, day by day")
        self.life = Life(self.authority, self.platform, self.clock, self.findings[:-1], RULES_DAY)
        # The walk's own case goes the whole way, with the platform really correcting what was found.
        life, finding = self.life, self.case_finding
        life.cases[finding["finding_id"]] = {"case": self.case, "unit": self.authority.get("officer", f"/v1/cases/{self.case}")["unit"]}
        for day, step in ((1, "file"), (2, "order"), (3, "object"), (5, "reply"), (6, "obey")):
            life.plans.setdefault(day, []).append((step, finding))
        life.live()
        self.finish_case()
        settle(*self.all_nodes)
        self.counts["requests_blocked"] = len(self.authority.get("officer", "/v1/blocked-requests"))
        self.counts["requests_answered"] = sum(1 for r in self.authority.get("officer", "/v1/requests") if r["state"] == "answered")
        self.counts["objections_answered"] = sum(1 for o in self.authority.get("officer", "/v1/objections") if o["state"] == "answered")
        self.counts["cases_closed"] = sum(1 for c in self.authority.get("officer", "/v1/cases") if c["state"] == "closed")

    def finish_case(self) -> None:
        """The offer is corrected at the platform, the rule runs again, the finding is gone: the effect is checked, the case closed."""
        finding = self.case_finding
        evidence = self.authority.get("officer", f"/v1/findings/{finding['finding_id']}")["evidence"]
        offer_id = next(e["record_id"] for e in evidence if e["record_type"] == "offer")
        offer = next(o for o in map(json.loads, (self.market / "offers.ndjson").read_text().splitlines()) if f"{o['shop']}/{o['offer_id']}" == offer_id)
        offer.pop("reference_price")
        offer.pop("reference_detail_marked", None)
        file = FOLDER / "corrected-offer.ndjson"
        file.write_text(json.dumps(offer, ensure_ascii=False) + "\n")
        need(self.platform.submit(file, "offer", "--corrects")["corrected"] == 1, "the offer could not be corrected")
        self.counts["corrections"] += 1
        settle(self.platform)
        again = self.run_rule(self.authority, self.platform, RULE)
        need(again["findings"] == self.report["findings"] - 1, "the corrected offer is still found")
        path = f"/v1/cases/{self.case}"
        self.authority.post("officer", path + "/effect", {"effective": True, "statement": "再次运行规则，该商品不再是疑点"})
        self.authority.post("officer", path + "/close", {"outcome": "corrected", "reason": "已改正"})

    def account(self) -> None:
        say("想不想、能不能 / willing and able, in figures that add up")
        metrics = self.authority.get("officer", "/v1/metrics")
        self.counts["metrics_with_denominator"] = sum(1 for m in metrics if any(row["denominator"] > 0 for row in m["rows"]))
        need(check_sums(self.authority) >= 30, "too few sums were compared")
        check_lists(self.authority)
        self.stop_at("双方对照表逐项有分子、分母和算法；省、市、县驾驶舱逐级相加。",
                     "Both sides' scorecard has numerator, denominator and SQL; the cockpit of province, city and county adds up.",
                     self.authority.link("officer", "/cockpit?unit=prov"), f"GET {self.authority.url}/v1/metrics")

    # --- proof ---

    def prove(self) -> None:
        say("回执与疑点离线验证 / receipts and findings verify offline, changed ones do not")
        time.sleep(2.5)  # one checkpoint and its cosignature
        folder = FOLDER / "proofs"
        folder.mkdir()
        for node in self.all_nodes:
            (folder / f"{node.name}.policy").write_bytes(urllib.request.urlopen(node.url + "/v1/policy", timeout=10).read())
        files = []
        for platform, message in self.messages:
            for node, role in ((self.authority, "officer"), (platform, "clerk")):
                path = folder / f"{node.name}-{message}.receipt"
                path.write_text(node.call(role, "GET", f"/v1/receipts/{message}", raw=True))
                files.append((path, folder / f"{node.name}.policy"))
        log_only = folder / "platform-log.policy"
        log_only.write_text((folder / "platform.policy").read_text().splitlines()[0] + "\nquorum none\n")
        files.append((sorted(self.receipts.glob("*.receipt"))[0], log_only))
        for row in self.findings[:3]:
            path = folder / f"{row['finding_id']}.json"
            path.write_text(self.authority.call("officer", "GET", f"/v1/findings/{row['finding_id']}/file", raw=True))
            files.append((path, folder / "authority.policy"))
        for path, policy in files:
            run("verify", path, "--policy", policy)
            self.counts["receipts_verified"] += 1
            self.tamper(path, policy)
        self.stop_at("回执可以离线验证，改动一个字节就不成立。", "A receipt verifies offline; with one byte changed it does not.",
                     f"{self.authority.url}/verify", f"gongzhi verify {files[0][0].relative_to(FOLDER.parent)} --policy {files[0][1].relative_to(FOLDER.parent)}")

    def tamper(self, path: Path, policy: Path) -> None:
        content = path.read_bytes()
        for i in range(TAMPER_TRIES):
            at = (i * 2 + 1) * len(content) // (2 * TAMPER_TRIES)
            changed = path.with_suffix(".changed")
            changed.write_bytes(content[:at] + bytes([content[at] ^ 1]) + content[at + 1:])
            self.counts["tampered_tried"] += 1
            self.counts["tampered_rejected"] += run("verify", changed, "--policy", policy, check=False).returncode != 0

    def hunt_canaries(self) -> None:
        """Personal values of the market must show nowhere: not in tables, journals, logs, answers or proofs."""
        canaries = [line.encode() for folder in self.folders.values() for line in (folder / "canaries.txt").read_text().splitlines() if line]
        pattern = re.compile(b"|".join(map(re.escape, canaries)))
        need(pattern.search((self.market / "traders.ndjson").read_bytes()), "the hunt finds nothing even where it must")
        for answer in Node.answers:
            need(not pattern.search(answer), "a personal value stands in the clear in an answer")
        for path in FOLDER.rglob("*"):
            if path.is_file() and self.market not in path.parents:
                need(not pattern.search(path.read_bytes()), f"a personal value stands in the clear in {path.relative_to(FOLDER)}")

    def judge(self) -> None:
        self.hunt_canaries()
        c = self.counts
        need(c["records_loaded"] >= 100_000, f"only {c['records_loaded']} records were loaded")
        need(c["false_findings"] == 0, f"{c['false_findings']} findings are false")
        need(c["missed_findings"] == 0, f"{c['missed_findings']} planted cases were missed")
        need(c["findings"] >= 20, f"only {c['findings']} findings")
        need(c["tampered_rejected"] == c["tampered_tried"], f"{c['tampered_tried'] - c['tampered_rejected']} changed files were accepted")
        need(c["metrics_with_denominator"] >= 8, f"only {c['metrics_with_denominator']} metrics have a denominator")
        for key in COUNTERS:
            need(c[key] >= 1 or key in ("false_findings", "missed_findings"), f"{key} is 0")
        for process in self.processes:
            if process.process.poll() is None:
                say(f"   {' + '.join(node.name for node in process.nodes)}: {process.rss_mb():.0f} MB")

    def all(self) -> None:
        for step in (self.meet, self.identities, self.privacy_notices, self.clues, self.load, self.govern_data, self.european, self.supervise, self.bind_power,
                     self.privacy, self.live, self.account, self.prove, self.judge):
            began = time.monotonic()
            step()
            say(f"   {time.monotonic() - began:.1f} s")


def prepare() -> None:
    need(PROGRAM.exists(), "the program is not built: run ./dev build")
    marker = FOLDER / "pids"
    if marker.exists():  # nodes that an earlier demo left running
        for pid in marker.read_text().split():
            command = Path(f"/proc/{pid}/cmdline")
            if command.exists() and str(FOLDER).encode() in command.read_bytes():
                os.kill(int(pid), signal.SIGTERM)
                time.sleep(0.5)
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir()


# The order in which the walk is told, by the step that laid each stop.
TOLD = ("supervise", "bind_power", "privacy", "govern_data", "identities", "account", "prove")
LAID = ("identities", "govern_data", "supervise", "bind_power", "privacy", "account", "prove")


def tell(play: Play) -> None:
    say("\n七站 / seven stops. 每个链接只能打开一次 / each link opens once.\n")
    by_step = dict(zip(LAID, play.stops))
    for number, step in enumerate(TOLD, 1):
        zh, en, link, proof = by_step[step]
        say(f"{number}. {zh}\n   {en}\n   {link}\n   证明 proof: {proof}")
    say("\n自己试试 / now try it yourself: 疑点等您判断，平台有事要办 / findings wait for your judgement, the platform has things to do\n"
        f"   办案人员 officer   {play.authority.link('officer', '/findings')}\n"
        f"   平台经办 clerk     {play.platform.link('clerk', '/due')}\n"
        f"   任何人 anybody     {play.authority.url}/")
    pids = " ".join(str(p.process.pid) for p in play.processes if p.process.poll() is None)
    (FOLDER / "pids").write_text(pids)
    say(f"\n监管 authority: {play.authority.url}   平台 platform: {play.platform.url}   席位 desk: {play.second.url}\n停止 stop: kill {pids}")


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--check", action="store_true", help="check every step, stop everything, print one JSON object")
    options = arguments.parse_args()
    started, play, held = time.monotonic(), Play(), False
    try:
        prepare()
        play.all()
        held = True
    except (Failed, OSError, KeyError, IndexError, StopIteration, json.JSONDecodeError) as error:
        say(f"没有通过 / did not hold: {type(error).__name__} {error}")
    finally:
        if options.check or not held:
            for process in play.processes:
                process.stop()
    play.counts["seconds"] = round(time.monotonic() - started, 1)
    if held and not options.check:
        tell(play)
    print(json.dumps(play.counts))
    return 0 if held else 1


if __name__ == "__main__":
    sys.exit(main())
