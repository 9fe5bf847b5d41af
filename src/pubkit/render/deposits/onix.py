"""What booksellers and libraries are sent about a book: one product in ONIX for Books 3.0, with reference names.

Source: EDItEUR, ONIX for Books 3.0, and its code lists: 5 (identifiers), 15 (titles), 17 (roles), 23, 74 (languages), 150,
175 (forms), 163 (dates).
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from lxml import etree

from pubkit.boundary.xml import Element
from pubkit.errors import UsageError
from pubkit.language.labels import labels_for
from pubkit.project.metadata import Author
from pubkit.references.bibliography.identifiers import normalise_isbn
from pubkit.render import front
from pubkit.render.model import Edition
from pubkit.render.people import person_name

__all__ = ["onix"]

_NAMESPACE = "http://ns.editeur.org/onix/3.0/reference"
_NAMES: Any = {None: _NAMESPACE}
#: The bibliographic codes of ISO 639-2 for the languages that pubkit knows; any other is undetermined.
_LANGUAGES = {
    "ar": "ara", "de": "ger", "en": "eng", "es": "spa", "fr": "fre", "it": "ita", "ja": "jpn", "nl": "dut", "pl": "pol",
    "pt": "por", "zh": "chi",
}  # fmt: skip
#: List 175, for the formats that are sold.
_DETAILS = {"epub": "E101", "pdf": "E107", "html": "E105"}


def onix(edition: Edition, sender: str, moment: dt.datetime) -> bytes:
    """Return the message about `edition`, UTF-8.

    Args:
        edition: the book.
        sender: the person or organisation that sends it.
        moment: the time at which it is sent.

    Raises:
        UsageError: the publication has no ISBN, or no publisher.
    """
    isbn = normalise_isbn(edition.identifier)
    if isbn is None:
        remedy = "Write it under `identifier:`, such as 978-0-306-40615-7."
        raise UsageError("Booksellers know a product by its ISBN, and this publication has none.", remedy=remedy)
    if not edition.publication.publisher:
        raise UsageError("A product has a publisher.", remedy="Write it under `publisher:`.")
    root = etree.Element(f"{{{_NAMESPACE}}}ONIXMessage", nsmap=_NAMES, release="3.0")
    head = _add(root, "Header")
    _add(_add(head, "Sender"), "SenderName", sender)
    _add(head, "SentDateTime", moment.strftime("%Y%m%dT%H%M%SZ"))
    product = _add(root, "Product")
    _add(product, "RecordReference", f"isbn.{isbn}")
    _add(product, "NotificationType", "03")
    identifier = _add(product, "ProductIdentifier")
    _add(identifier, "ProductIDType", "15")
    _add(identifier, "IDValue", isbn)
    _describe(_add(product, "DescriptiveDetail"), edition)
    if edition.publication.abstract:
        text = _add(_add(product, "CollateralDetail"), "TextContent")
        _add(text, "TextType", "03")
        _add(text, "ContentAudience", "00")
        _add(text, "Text", " ".join(edition.publication.abstract.split()))
    _publish(_add(product, "PublishingDetail"), edition)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)


def _describe(about: Element, edition: Edition) -> None:
    publication = edition.publication
    _add(about, "ProductComposition", "00")
    _add(about, "ProductForm", "ED")
    for detail in dict.fromkeys(_DETAILS[name] for name in publication.outputs if name in _DETAILS):
        _add(about, "ProductFormDetail", detail)
    _add(about, "PrimaryContentType", "10")
    title = _add(about, "TitleDetail")
    _add(title, "TitleType", "01")
    element = _add(title, "TitleElement")
    _add(element, "TitleElementLevel", "01")
    _add(element, "TitleText", publication.title)
    if publication.subtitle:
        _add(element, "Subtitle", publication.subtitle)
    for number, who in enumerate(publication.authors, 1):
        _contributor(_add(about, "Contributor"), who, number)
    _add(about, "EditionStatement", labels_for(publication.lang)["version-of"].format(version=publication.version))
    language = _add(about, "Language")
    _add(language, "LanguageRole", "01")
    _add(language, "LanguageCode", _LANGUAGES.get(publication.lang.split("-")[0], "und"))
    if publication.keywords:
        subject = _add(about, "Subject")
        _add(subject, "SubjectSchemeIdentifier", "20")
        _add(subject, "SubjectHeadingText", "; ".join(publication.keywords))


def _contributor(about: Element, who: Author, number: int) -> None:
    name = person_name(who.name, is_person=who.orcid is not None)
    _add(about, "SequenceNumber", str(number))
    _add(about, "ContributorRole", "A01")
    if orcid := front.orcid_address(who.orcid):
        identifier = _add(about, "NameIdentifier")
        _add(identifier, "NameIDType", "21")
        _add(identifier, "IDValue", orcid.rpartition("/")[2].replace("-", ""))
    if name is None:
        _add(about, "CorporateName", who.name)
        return
    if name.given:
        _add(about, "NamesBeforeKey", name.given)
    _add(about, "KeyNames", name.family)
    if name.suffix:
        _add(about, "SuffixToKey", name.suffix)


def _publish(about: Element, edition: Edition) -> None:
    publisher = _add(about, "Publisher")
    _add(publisher, "PublishingRole", "01")
    _add(publisher, "PublisherName", edition.publication.publisher or "")
    _add(about, "PublishingStatus", "04")
    date = _add(about, "PublishingDate")
    _add(date, "PublishingDateRole", "01")
    _add(date, "Date", edition.publication.dates.published.strftime("%Y%m%d"))


def _add(parent: Element, name: str, text: str = "") -> Element:
    made = etree.SubElement(parent, f"{{{_NAMESPACE}}}{name}")
    made.text = text or None
    return made
