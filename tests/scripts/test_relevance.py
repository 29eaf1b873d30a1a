from pathlib import Path

import pytest

from scripts.bench.relevance import COLLECTIONS, Collection, judge


@pytest.mark.data
@pytest.mark.slow
@pytest.mark.parametrize("collection", COLLECTIONS, ids=lambda each: each.name)
def test_judged_queries_find_what_is_relevant(
    collection: Collection, data_folder: Path, tmp_path: Path
) -> None:
    found = judge(data_folder / "relevance" / collection.name, tmp_path)
    assert found.queries > 80
    assert found.map >= collection.map_bar
    assert found.ndcg >= (collection.ndcg_bar or 0)
