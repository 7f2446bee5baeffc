"""What lists of words know of columns without a name, in many languages."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from lakescan.udfs.classify import ColumnVerdict

Judge = Callable[..., dict[str, ColumnVerdict]]

JOBS = {
    "de": "Lehrerin Krankenpfleger Elektroniker Buchhalterin Hausmeister Erzieherin Koch Maurer"
    " Informatikerin Friseur Rechtsanwalt Landwirt Bäcker Tischler",
    "fr": "Infirmière Comptable Plombier Boulanger Avocate Enseignante Maçon Coiffeuse Pharmacien"
    " Électricien Journaliste Facteur Retraité Étudiante",
    "es": "Enfermera Fontanero Abogada Camarero Albañil Contable Peluquera Cocinero Maestra Taxista"
    " Jubilado Panadero Arquitecta Funcionario",
    "sv": "Sjuksköterska Snickare Lärare Rörmokare Jurist Undersköterska Elektriker Kock Målare"
    " Tandläkare Pensionär Systemutvecklare Frisör Ekonom",
    "pl": "Nauczycielka Kierowca Księgowa Lekarz Murarz Fryzjerka Prawnik Spawacz Kucharz Emeryt"
    " Pielęgniarka Stolarz Programista Sprzedawca",
}
ILLNESSES = {
    "de": "Bluthochdruck,Migräne,Harnwegsinfekt,Gonarthrose,Grippe,Lungenentzündung,Gicht,Adipositas",
    "fr": "Hypertension artérielle,Migraine,Grippe,Arthrose,Cystite,Bronchite aiguë,Lombalgie",
    "it": "Ipertensione arteriosa,Emicrania,Influenza,Cistite,Polmonite,Lombalgia,Celiachia",
    "pl": "Nadciśnienie tętnicze,Migrena,Grypa,Zapalenie płuc,Astma,Padaczka,Depresja,Otyłość",
}


@pytest.mark.parametrize("language", JOBS)
def test_jobs_without_a_heading(judge: Judge, language: str) -> None:
    words = JOBS[language].split()
    verdict = judge({"c": [words[n % len(words)] for n in range(200)]}, named=False)["c"]
    assert verdict.classifications[0].entity == "OCCUPATION"


@pytest.mark.parametrize("language", ILLNESSES)
def test_illnesses_without_a_heading(judge: Judge, language: str) -> None:
    words = ILLNESSES[language].split(",")
    verdict = judge({"c": [words[n % len(words)] for n in range(100)]}, named=False)["c"]
    assert verdict.classifications[0].category == "MEDICAL"


@pytest.mark.parametrize(
    "words",
    ["deutsch türkisch polnisch syrisch kroatisch rumänisch",
     "Française Algérienne Marocaine Belge Portugaise Sénégalaise",
     "Española Marroquí Rumana Colombiana Venezolana Peruana",
     "汉族 满族 回族 壮族 藏族 苗族"],
)  # fmt: skip
def test_nationalities_without_a_heading(judge: Judge, words: str) -> None:
    verdict = judge({"c": [words.split()[n % 6] for n in range(60)]}, named=False)["c"]
    assert verdict.classifications[0].category == "NRP"


def test_well_known_firms_back_a_heading_that_only_hints(judge: Judge) -> None:
    firms = ["Ubisoft", "Capcom", "Square Enix", "Electronic Arts", "Nintendo", "Sega"]
    column = [firms[n % 6] for n in range(60)]
    verdict = judge({"developer": column})["developer"]
    assert verdict.classifications[0].category == "ORGANIZATION"
    assert not verdict.sensitive


def test_given_names_and_towns_are_no_jobs(judge: Judge) -> None:
    names = ["Anna", "Peter", "Maria", "Jonas", "Sofia", "Lukas", "Berlin", "Madrid", "Bern"]
    verdict = judge({"c": [names[n % 9] for n in range(90)]}, named=False)["c"]
    assert "OCCUPATION" not in {told.entity for told in verdict.classifications}
