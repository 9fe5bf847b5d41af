"""The few words that pubkit itself puts into a text, by language."""

from __future__ import annotations

from msgspec import Struct

__all__ = ["Terms", "terms"]


class Terms(Struct, frozen=True):
    """Names of numbered things and of the sections that pubkit adds."""

    figure: str
    table: str
    section: str
    equation: str
    references: str

    def numbered(self, kind: str, number: str) -> str:
        """ "Figure 2" for kind "fig" and number "2"."""
        name = {"fig": self.figure, "tbl": self.table, "sec": self.section, "eq": self.equation}[kind]
        return f"{name}\u00a0{number}"


_TERMS = {
    "en": Terms("Figure", "Table", "Section", "Equation", "References"),
    "de": Terms("Abbildung", "Tabelle", "Abschnitt", "Gleichung", "Literatur"),
    "es": Terms("Figura", "Tabla", "Sección", "Ecuación", "Referencias"),
    "fr": Terms("Figure", "Tableau", "Section", "Équation", "Références"),
}


def terms(lang: str) -> Terms:
    """The words for a language tag such as "en-US"; English where the language has none yet."""
    return _TERMS.get(lang.split("-")[0], _TERMS["en"])
