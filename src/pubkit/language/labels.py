"""The words that pubkit itself prints, by language: headings of the front and back matter, dates, quotation marks."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from msgspec import Struct

__all__ = ["Labels", "direction", "labels_for"]

_RIGHT_TO_LEFT = frozenset({"ar", "dv", "fa", "he", "ps", "sd", "ug", "ur", "yi"})


class Labels(Struct, frozen=True):
    """The words of one language. `language` is the language they are in, which may differ from the publication's."""

    language: str
    months: tuple[str, ...]
    date_pattern: str
    quotes: tuple[str, str, str, str]
    words: Mapping[str, str]

    def __getitem__(self, name: str) -> str:
        return self.words[name]

    def date(self, day: dt.date) -> str:
        """`day` as a reader of this language writes it: "3 May 2026", "3. Mai 2026"."""
        return self.date_pattern.format(day=day.day, month=self.months[day.month - 1], year=day.year)


def direction(language: str) -> str:
    """ "rtl" for languages written from right to left, else "ltr"."""
    return "rtl" if language.split("-")[0] in _RIGHT_TO_LEFT else "ltr"


def labels_for(language: str) -> Labels:
    """The labels in `language` (a BCP 47 tag), in English where pubkit does not speak it."""
    return _BY_LANGUAGE.get(language.split("-")[0], _ENGLISH)


_ENGLISH = Labels(
    "en",
    (
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ),
    "{day} {month} {year}",
    ("“", "”", "‘", "’"),
    {
        "skip": "Skip to the text",
        "contents": "Contents",
        "abstract": "Summary",
        "keywords": "Keywords",
        "notes": "Notes",
        "back": "Back to the text",
        "table": "Table",
        "formula": "Formula",
        "imprint": "About this publication",
        "cover": "Cover",
        "title-page": "Title page",
        "notice": "Please note",
        "landmarks": "Parts of the book",
        "text": "Text",
        "draft": "Draft",
        "draft-banner": "Draft, not for publication. This text has not passed the checks for release.",
        "version": "Version",
        "version-of": "Version {version}",
        "published": "Published",
        "updated": "Updated",
        "last-reviewed": "Last reviewed",
        "next-review": "Next review due",
        "evidence-search": "Evidence searched up to",
        "reviewed-by": "Reviewed by",
        "authors": "Authors",
        "identifier": "Identifier",
        "publisher": "Publisher",
        "licence": "Licence",
        "funding": "Funding",
        "conflicts": "Conflicts of interest",
        "audience": "Written for",
        "contact": "Contact",
        "citation-style": "Citation style",
        "source": "Manuscript (SHA-256)",
        "made-with": "Made with",
        "checks": "Reference checks",
        "unchecked-one": "1 reference has not yet been checked against the registries.",
        "unchecked-many": "{count} references have not yet been checked against the registries.",
        "checked-on": "All {count} references were checked against the registries, last on {date}.",
        "disclaimer-texts": "Disclaimer texts",
        "reading-level": "reading level: grade {grade} or below",
        "access-summary": "This publication has {features}. It has no sound, no moving pictures and nothing that flashes.",
        "access-structure": "a table of contents, a heading structure and a fixed reading order",
        "access-alt": "text alternatives for every informative picture",
        "access-math": "formulas as MathML",
        "and": "and",
    },
)

_GERMAN = Labels(
    "de",
    (
        "Januar",
        "Februar",
        "März",
        "April",
        "Mai",
        "Juni",
        "Juli",
        "August",
        "September",
        "Oktober",
        "November",
        "Dezember",
    ),
    "{day}. {month} {year}",
    ("„", "“", "‚", "‘"),
    {
        "skip": "Zum Text springen",
        "contents": "Inhalt",
        "abstract": "Zusammenfassung",
        "keywords": "Schlagwörter",
        "notes": "Anmerkungen",
        "back": "Zurück zum Text",
        "table": "Tabelle",
        "formula": "Formel",
        "imprint": "Über diese Veröffentlichung",
        "cover": "Umschlag",
        "title-page": "Titelseite",
        "notice": "Bitte beachten",
        "landmarks": "Teile des Buches",
        "text": "Text",
        "draft": "Entwurf",
        "draft-banner": "Entwurf, nicht zur Veröffentlichung. Dieser Text hat die Prüfungen nicht bestanden.",
        "version": "Fassung",
        "version-of": "Fassung {version}",
        "published": "Veröffentlicht",
        "updated": "Aktualisiert",
        "last-reviewed": "Zuletzt geprüft",
        "next-review": "Nächste Prüfung fällig",
        "evidence-search": "Belege gesucht bis",
        "reviewed-by": "Geprüft von",
        "authors": "Autorinnen und Autoren",
        "identifier": "Kennung",
        "publisher": "Herausgeber",
        "licence": "Lizenz",
        "funding": "Finanzierung",
        "conflicts": "Interessenkonflikte",
        "audience": "Geschrieben für",
        "contact": "Kontakt",
        "citation-style": "Zitierstil",
        "source": "Manuskript (SHA-256)",
        "made-with": "Hergestellt mit",
        "checks": "Prüfung der Quellen",
        "unchecked-one": "1 Quelle wurde noch nicht mit den Registern abgeglichen.",
        "unchecked-many": "{count} Quellen wurden noch nicht mit den Registern abgeglichen.",
        "checked-on": "Alle {count} Quellen wurden mit den Registern abgeglichen, zuletzt am {date}.",
        "disclaimer-texts": "Texte der Hinweise",
        "reading-level": "Lesestufe: höchstens {grade}. Schuljahr",
        "access-summary": "Diese Veröffentlichung hat {features}. Sie enthält weder Ton noch bewegte oder blinkende Bilder.",
        "access-structure": "ein Inhaltsverzeichnis, eine Gliederung mit Überschriften und eine feste Lesereihenfolge",
        "access-alt": "Textalternativen für alle informativen Bilder",
        "access-math": "Formeln als MathML",
        "and": "und",
    },
)

_FRENCH = Labels(
    "fr",
    (
        "janvier",
        "février",
        "mars",
        "avril",
        "mai",
        "juin",
        "juillet",
        "août",
        "septembre",
        "octobre",
        "novembre",
        "décembre",
    ),
    "{day} {month} {year}",
    ("«\u202f", "\u202f»", "“", "”"),
    {
        "skip": "Aller au texte",
        "contents": "Sommaire",
        "abstract": "Résumé",
        "keywords": "Mots-clés",
        "notes": "Notes",
        "back": "Retour au texte",
        "table": "Tableau",
        "formula": "Formule",
        "imprint": "À propos de cette publication",
        "cover": "Couverture",
        "title-page": "Page de titre",
        "notice": "À lire",
        "landmarks": "Parties du livre",
        "text": "Texte",
        "draft": "Brouillon",
        "draft-banner": "Brouillon, à ne pas publier. Ce texte n’a pas passé les contrôles de publication.",
        "version": "Version",
        "version-of": "Version {version}",
        "published": "Publié le",
        "updated": "Mis à jour le",
        "last-reviewed": "Dernière relecture",
        "next-review": "Prochaine relecture prévue",
        "evidence-search": "Données recherchées jusqu’au",
        "reviewed-by": "Relu par",
        "authors": "Auteurs",
        "identifier": "Identifiant",
        "publisher": "Éditeur",
        "licence": "Licence",
        "funding": "Financement",
        "conflicts": "Conflits d’intérêts",
        "audience": "Destiné à",
        "contact": "Contact",
        "citation-style": "Style de citation",
        "source": "Manuscrit (SHA-256)",
        "made-with": "Réalisé avec",
        "checks": "Contrôle des références",
        "unchecked-one": "1 référence n’a pas encore été vérifiée auprès des registres.",
        "unchecked-many": "{count} références n’ont pas encore été vérifiées auprès des registres.",
        "checked-on": "Les {count} références ont été vérifiées auprès des registres, la dernière fois le {date}.",
        "disclaimer-texts": "Textes des avertissements",
        "reading-level": "niveau de lecture\u00a0: {grade} années de scolarité au plus",
        "access-summary": "Cette publication comporte {features}. Elle ne contient ni son, ni image animée ou clignotante.",
        "access-structure": "une table des matières, une structure de titres et un ordre de lecture fixe",
        "access-alt": "des textes de remplacement pour toutes les images informatives",
        "access-math": "des formules en MathML",
        "and": "et",
    },
)

_SPANISH = Labels(
    "es",
    (
        "enero",
        "febrero",
        "marzo",
        "abril",
        "mayo",
        "junio",
        "julio",
        "agosto",
        "septiembre",
        "octubre",
        "noviembre",
        "diciembre",
    ),
    "{day} de {month} de {year}",
    ("«", "»", "“", "”"),
    {
        "skip": "Ir al texto",
        "contents": "Índice",
        "abstract": "Resumen",
        "keywords": "Palabras clave",
        "notes": "Notas",
        "back": "Volver al texto",
        "table": "Tabla",
        "formula": "Fórmula",
        "imprint": "Acerca de esta publicación",
        "cover": "Cubierta",
        "title-page": "Portada",
        "notice": "Aviso",
        "landmarks": "Partes del libro",
        "text": "Texto",
        "draft": "Borrador",
        "draft-banner": "Borrador, no publicar. Este texto no ha superado los controles de publicación.",
        "version": "Versión",
        "version-of": "Versión {version}",
        "published": "Publicado",
        "updated": "Actualizado",
        "last-reviewed": "Última revisión",
        "next-review": "Próxima revisión prevista",
        "evidence-search": "Pruebas buscadas hasta",
        "reviewed-by": "Revisado por",
        "authors": "Autores",
        "identifier": "Identificador",
        "publisher": "Editorial",
        "licence": "Licencia",
        "funding": "Financiación",
        "conflicts": "Conflictos de intereses",
        "audience": "Escrito para",
        "contact": "Contacto",
        "citation-style": "Estilo de citas",
        "source": "Manuscrito (SHA-256)",
        "made-with": "Hecho con",
        "checks": "Control de las referencias",
        "unchecked-one": "1 referencia aún no se ha comprobado en los registros.",
        "unchecked-many": "{count} referencias aún no se han comprobado en los registros.",
        "checked-on": "Las {count} referencias se han comprobado en los registros, por última vez el {date}.",
        "disclaimer-texts": "Textos de los avisos",
        "reading-level": "nivel de lectura: {grade} años de escolaridad como máximo",
        "access-summary": "Esta publicación tiene {features}. No contiene sonido ni imágenes en movimiento o intermitentes.",
        "access-structure": "un índice, una estructura de títulos y un orden de lectura fijo",
        "access-alt": "textos alternativos para todas las imágenes informativas",
        "access-math": "fórmulas en MathML",
        "and": "y",
    },
)

_BY_LANGUAGE = {labels.language: labels for labels in (_ENGLISH, _GERMAN, _FRENCH, _SPANISH)}
