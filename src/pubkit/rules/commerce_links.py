"""LNK: where links go. Shops, trackers, and shortened addresses that hide their target."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator
from urllib.parse import parse_qsl, unquote, urlsplit

from pubkit.claims.reading import shown
from pubkit.disclaimers.triggers import affiliate_code
from pubkit.expressions import expression
from pubkit.findings import Finding, Fix, Severity
from pubkit.language.matching import matchable
from pubkit.manuscript.model import Link
from pubkit.rules.base import Rule, Submission
from pubkit.rules.rewriting import on_line

__all__ = ["ShopLink", "TrackedLink", "VeiledLink"]

_SHOP_HOST = expression(
    r"(?:^|\.)(?:shop|store|buy|order|checkout|cart|deals?|coupons?)\.|\.(?:shop|store|buy|deals|sale|coupons?)$|^(?:(?:www|"
    r"m|mobile|smile|[a-z]{2})\.)?(?:amazon|ebay|etsy|aliexpress|alibaba|iherb|vitacost|walmart|temu|gnc|"
    r"swansonvitamins)\.(?:[a-z]{2,3}|com?\.[a-z]{2})$|(?:^|\.)amzn\.to$|(?:^|\.)(?:myshopify|bigcartel|"
    r"gumroad)\.com$|(?:^|[.-])(?:buy|order|cheap|best|discount|wholesale|purchase)-?(?:[a-z]+-)?(?:kratom|cbd|kava|meds|pills|supplements|vitamins)"
)


#: What health shops sell, as it appears in their addresses.
_GOODS = (
    r"(?:capsules?|cbd|extracts?|gummies|kava|kratom|meds|oils?|pills|powders?|supplements?|tablets|teas?|tinctures?|vapes?|"
    r"vitamins?)"
)
_SHOP_PATH = expression(
    r"/(?:shop|product-category|cart|basket|checkout|buy|purchase|add-to-cart|coupons?|for-sale)(?:[/.?]|$)|"
    rf"/(?:products?|collections|store|order|deals?)/(?:[^/?]*[-_])?{_GOODS}(?:[-_/.?]|$)|/collections/[^/?]+/products/|"
    r"[/_-](?:buy|purchase|order|shop-for|cheap|"
    r"best-price)[_-](?:[\w]+[_-])*(?:online|now|here|kratom|cbd|cheap|near-me)|[/_-]for-sale(?:[/_.-]|$)|"
    r"[?&](?:add-to-cart|addtocart|buy|coupon|discount|promo)="
)


#: Addresses with a shop's words that sell nothing to readers.
_NO_SHOP = expression(r"(?:^|\.)(?:github|gitlab|atlassian|visualstudio)\.com$")
_TRACKERS = expression(r"^(?:utm_\w+|refid|ref_src|partner_?id|clickid|subid|gclid|fbclid|msclkid|mc_eid)$")


_COUNTS_VISITS = expression(r"utm_\w+|gclid|fbclid|msclkid|mc_eid")
_SHORTENERS = frozenset(
    re.findall(
        r"\S+",
        "bit.ly t.co tinyurl.com goo.gl ow.ly buff.ly is.gd rebrand.ly cutt.ly lnkd.in amzn.to ebay.us shorturl.at rb.gy "
        "tiny.cc t.ly s.id bl.ink shareasale.com go.skimresources.com awin1.com prf.hn",
    )
)


@functools.lru_cache(maxsize=4096)
def _host_and_rest(target: str) -> tuple[str, str]:
    """Return the lower-case host of `target`, and its path and query, percent-decoded and with look-alikes folded."""
    try:
        parts = urlsplit(target)
        host = parts.hostname or ""
    except ValueError:
        return "", ""
    rest = unquote(unquote(parts.path)) + ("?" + unquote(parts.query) if parts.query else "")
    return matchable(host), matchable(rest)


class ShopLink(Rule):
    """No link goes to a shop."""

    id = "LNK003"
    severity = Severity.ERROR
    source = "HONcode 8; FTC Endorsement Guides, 16 CFR 255"
    remedy = "Remove the link, or link to a study, a guideline or a public body instead."
    bad = [
        "[here](https://shop.example/purchase-kratom-online)",
        "It is a [tree](https://example.com/product/kratom-capsules).",
        "It is a [tree](https://www.amazon.com/dp/B000).",
        "It is a [tree](https://example.com/%62uy-kratom-online).",
        "It is a [tree](https://best-kratom.store/).",
        "It is a [tree](https://de.iherb.com/pr/1).",
    ]
    good = [
        "It is a [tree](https://www.cdc.gov/mmwr/volumes/68/wr/mm6814a2.htm).",
        "See the [leaflet](https://example.org/patients/order-of-treatment).",
        "See the [review](https://doi.org/10.1016/j.drugalcdep.2017.10.012).",
        "It runs in [RStudio](https://example.com/products/rstudio/download/).",
        "It uses an [action](https://github.com/marketplace/actions/checkout).",
        "See the [manual](https://docs.aws.amazon.com/AmazonS3/latest/userguide/Welcome.html).",
        "See the [report](https://corporate.walmart.com/purpose).",
        "See the [collection](https://www.example.org/government/collections/vaccine-uptake).",
    ]

    def check(self, submission: Submission) -> Iterator[Finding]:
        """Judge the target of every link."""
        for link in submission.manuscript.document.links:
            host, rest = _host_and_rest(link.target)
            if host and not _NO_SHOP.search(host) and (_SHOP_HOST.search(host) or _SHOP_PATH.search(rest)):
                yield self.at(link.location, f"The link goes to a shop: {shown(link.target)}", context=link.target)


class TrackedLink(Rule):
    """No link carries an affiliate or tracking code."""

    id = "LNK004"
    severity = Severity.WARNING
    source = "HONcode 3 and 7 (privacy, disclosure); FTC Endorsement Guides, 16 CFR 255.5"
    remedy = "Link to the plain address, without what follows the question mark; disclose any affiliate relationship."
    bad = ["See the [page](https://example.org/leaf?utm_source=pub&aff=12)."]
    good = [
        "See the [page](https://example.org/leaf?id=12).",
        "See the [file](https://example.org/questions?tag=python&ref=main).",
    ]

    def check(self, submission: Submission) -> Iterator[Finding]:
        """Judge the query of every link."""
        for link in submission.manuscript.document.links:
            codes = _tracking_codes(link.target)
            if codes:
                names = ", ".join(codes)
                message = f"The link carries a tracking code ({shown(names)})."
                yield self.at(link.location, message, context=link.target, fix=self._plain(submission, link, codes))

    @staticmethod
    def _plain(submission: Submission, link: Link, codes: list[str]) -> Fix | None:
        """Return the fix that leaves out codes that only count visits; an affiliate's is for people to judge."""
        base, _, rest = link.target.partition("?")
        query, mark, anchor = rest.partition("#")
        if not all(_COUNTS_VISITS.fullmatch(code.lower()) for code in codes):
            return None
        kept = "&".join(part for part in query.split("&") if part.partition("=")[0] not in codes)
        plain = f"{base}{'?' if kept else ''}{kept}{mark}{anchor}"
        new = plain.replace("\\", r"\\")
        return on_line(submission, link.location, re.escape(link.target), new, "Leave out the tracking code")


def _tracking_codes(target: str) -> list[str]:
    try:
        query = urlsplit(target).query
    except ValueError:
        return []
    names = [name for name, _ in parse_qsl(query, keep_blank_values=True) if _TRACKERS.match(name.lower())]
    code = affiliate_code(target)
    return [*names, code] if code else names


class VeiledLink(Rule):
    """No shortened link hides its target."""

    id = "LNK005"
    severity = Severity.WARNING
    source = "HONcode 4 and 8"
    remedy = "Link to the page itself, so that the reader sees where the link goes."
    bad = ["See the [page](https://bit.ly/3xYz)."]
    good = ["See the [page](https://www.who.int/health-topics)."]

    def check(self, submission: Submission) -> Iterator[Finding]:
        """Judge the host of every link."""
        for link in submission.manuscript.document.links:
            host = _host_and_rest(link.target)[0].removeprefix("www.")
            if host in _SHORTENERS:
                yield self.at(link.location, f"The link hides its target behind {host}.", context=link.target)
