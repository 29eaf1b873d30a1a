"""Every real file that was collected: what is read of it, or why it is refused."""

import gzip
import json
from pathlib import Path

import pytest

from schemas.formats import reading, recognising
from schemas.formats.drafts import UnreadableError

pytestmark = pytest.mark.data

LETTERS = {
    "title": "T",
    "body": "B",
    "summary": "S",
    "published_at": "D",
    "authors": "A",
    "image": "I",
    "people": "P",
    "companies": "C",
    "places": "L",
    "tags": "G",
    "section": "X",
    "source": "O",
    "language": "N",
}
WIRE = {
    "LISTING_1_A_NewsML-G2_News_Item.xml": "newsml 1 TDALGON",
    "aap-cyber.xml": "nitf 1 TBSDAG",
    "aap-finance-lite.xml": "nitf 1 TDGO",
    "aap-finance.xml": "nitf 1 TBDGON",
    "aap-finance1.xml": "nitf 1 TBDGON",
    "afp.xml": "newsml 1 TBDON",
    "afp20.xml": "newsml 1 TBDON",
    "anpa-1.tst": "wire 1 TBDAON",
    "anpa-3.tst": "wire 1 TBDON",
    "anpa-4.tst": "wire 1 TBDN",
    "ap-nitf.xml": "nitf 1 TBDAON",
    "ap_anpa-1.tst": "wire 1 TBDAON",
    "ap_anpa-3.tst": "wire 1 TBDO",
    "ap_anpa-5.tst": "wire 1 TBDON",
    "ap_media_text_item.json": "json 1 TDPLGON",
    "bbc-ninjs-comp-test.json": "json 1 TBSDAIGN",
    "channel1": "xml refused: is not read here",
    "dpa_copyright.txt": "wire 1 TBDGN",
    "dpa_four_line.txt": "wire 1 TBDAGON",
    "ninjs4_mock.json": "json refused: no kind that is read here",
    "ninjsExMediumText1.json": "json 1 TBDAPCLN",
    "ninjs_embargoed.json": "json 1 TBSDAIGN",
    "nitf-ntb.xml": "nitf 1 TBDALON",
    "pa1.xml": "nitf 1 TBSDPCLGON",
    "picture.xml": "newsml 1 TSDAIGON",
    "ritzau_news.xml": "xml refused: is not read here",
    "snep.xml": "newsml refused: no newsItem",
    "stt_archive_newsml_created_date_test.xml": "newsml 1 TBDGON",
    "stt_newsml_endash.xml": "newsml 1 TBDGON",
    "stt_newsml_location_test.xml": "newsml 1 BDGON",
    "stt_newsml_subject_test.xml": "newsml 1 BDGON",
    "upload_from_url_mock.json": "json refused: no kind that is read here",
    "wenn.xml": "feed 2 TBDGON",
}
NINJS = {
    "20231004-UEFA-ChampionLeague.json": "json 1 TSLN",
    "20231005-65-addb-event.json": "json 1 TSDCLN",
    "20231008-anti-doping-measures-at-the-tour-down-under-will-be-the-toughest-ever-addb-ninjs-nitf.json": "json 1 TBSDAGN",
    "20231016-addb-example-press-conference.json": "json 1 TBSPCLN",
    "20231016-event-timeline-sample.json": "json 14 TSN",
    "SIPA_image_2.json": "json 1 TBSDAILGON",
    "ap_audio.json": "json 1 TSDPGON",
    "ap_image.json": "json 1 TSDICLGON",
    "ap_video.json": "json 1 TSDPLGON",
    "businesswire-newsml-20130515006361.json": "json 1 TBDIGN",
    "businesswire-newsml-20130605006126.json": "json 1 TBDGN",
    "dpa_text.json": "json 1 TBDAON",
    "extension-example.json": "json 1 TBSDIPCLGON",
    "extension-schema.json": "json refused: no kind that is read here",
    "imageLinkedRights.json": "json 1 TSDAIN",
    "ninjs-1-4-examples.json": "json 1 TD",
    "ninjsExComplex1.json": "json 1 TBDAIPCLN",
    "ninjsExSimplePhoto1.json": "json 1 TSDAIN",
    "ninjsExSimpleText_3.json": "json 1 TBDAN",
    "ntb_text.json": "json 1 TSDALGON",
    "tt_text_image_3.json": "json 1 TBSDIPCLGON",
}
FEEDS = {
    "craigslist.rss": "feed 25 TSDON",
    "encoding.rss": "feed 40 TSDGON",
    "giantbomb-podcast.rss": "feed 730 TBDAGON",
    "guardian.rss": "feed 55 TSDAIGON",
    "heise.atom": "feed 15 TBDON",
    "instant-article.rss": "feed 1 TBDAON",
    "item-itunes-episodeType.rss": "feed 1 TBSDAGON",
    "itunes-category.rss": "feed 1 TBDAGON",
    "itunes-keywords-array.rss": "feed 1 TSDGON",
    "itunes-keywords-astext.rss": "feed 32 TSDGON",
    "itunes-keywords.rss": "feed 1 TBDAGON",
    "itunes-missing-image.rss": "feed 131 TBDAGON",
    "many-links.rss": "feed 25 TBDAGON",
    "narro.rss": "feed 1 TBSDON",
    "reddit.rss": "feed 24 TSDIGON",
    "rss-1.rss": "feed 69 TDAGO",
    "unrecognized.rss": "html refused: no article in this page",
}
ROOMS = {"wire": WIRE, "ninjs": NINJS, "feeds": FEEDS}


def told(path: Path) -> str:
    """Say the format, how many articles, and which keys the first of them has."""
    data = path.read_bytes()
    kind = recognising.recognise(data[: recognising.HEAD])
    given = kind if kind != recognising.NDJSON else "json"
    try:
        drafts = reading.read(reading.Source(data, given))
    except UnreadableError as error:
        return f"{kind} refused: {error}"
    known = "".join(LETTERS[key] for key in LETTERS if drafts[0].values.get(key))
    return f"{kind} {len(drafts)} {known}"


def test_no_file_is_forgotten(data_folder: Path) -> None:
    for room, files in ROOMS.items():
        assert {f.name for f in (data_folder / "import" / room).iterdir()} == set(files)


@pytest.mark.parametrize(("room", "name"), [(r, n) for r in ROOMS for n in ROOMS[r]])
def test_a_collected_file_is_read_or_refused_for_its_reason(
    room: str, name: str, data_folder: Path
) -> None:
    expected, seen = ROOMS[room][name], told(data_folder / "import" / room / name)
    kind, _, reason = expected.partition(" refused: ")
    if reason:
        assert seen.startswith(f"{kind} refused: ")
        assert reason in seen
    else:
        assert seen == expected


def test_most_of_the_collected_pages_say_what_they_were_read_to_say(
    data_folder: Path,
) -> None:
    folder = data_folder / "import" / "html"
    expected = json.loads((folder / "expected.json").read_text())
    right = 0
    for name, versions in expected.items():
        data = gzip.decompress((folder / name).read_bytes())
        [draft] = reading.read(reading.Source(data, "html"))
        every = [versions] if "title" in versions else versions.values()
        titles = {" ".join(each["title"].split()) for each in every}
        right += draft.values["title"] in titles
        assert len(draft.values["body"]) > 400, name
    assert right >= 0.95 * len(expected)
