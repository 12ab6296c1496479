"""What every engine does. An engine's own test file names the engine and inherits all of this."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

import pytest

from search.asking import ask
from search.documents import from_json
from search.ports import Engine, EngineDown, Page, Query, Sort, Strictness
from search.preparation import prepare
from search.schema import next_generation
from search.understanding import understand
from tests.contract.world import COLLEAGUE, MEMBER, PUBLIC, WORLD, day, entry

Make = Callable[[], Engine]


def fill(engine: Engine) -> Engine:
    engine.drop()
    engine.create()
    engine.write(WORLD)
    engine.refresh()
    return engine


def keys(page: Page) -> list[str]:
    return [hit.entry.uid for hit in page.hits]


class Asking:
    """Questions to the world that nobody changes."""

    @pytest.fixture(scope="class")
    def make(self) -> Make:
        raise NotImplementedError

    @pytest.fixture(scope="class")
    def engine(self, make: Make) -> Iterator[Engine]:
        engine = make()
        yield fill(engine)
        engine.drop()

    # Words

    def test_a_title_is_found_by_its_words(self, engine: Engine) -> None:
        assert keys(engine.search(Query(text="梯形的面积"))) == ["trapezium"]

    def test_a_body_is_found_by_its_words(self, engine: Engine) -> None:
        assert keys(engine.search(Query(text="堤坝 横截面"))) == ["trapezium"]

    def test_all_words_must_be_there(self, engine: Engine) -> None:
        assert keys(engine.search(Query(text="面积 剪开"))) == ["parallelogram"]

    def test_most_words_are_enough_when_asked_generously(self, engine: Engine) -> None:
        found = engine.search(Query(text="平行四边形的体积", strictness=Strictness.MOST))
        assert keys(found)[0] == "parallelogram"

    def test_any_word_is_enough_when_asked_most_generously(self, engine: Engine) -> None:
        found = engine.search(Query(text="观测 桥", strictness=Strictness.ANY, tokens=PUBLIC))
        assert "bridge" in keys(found)

    def test_the_whole_title_stands_before_a_part_of_one(self, engine: Engine) -> None:
        assert keys(engine.search(Query(text="平行四边形", limit=2))) == ["parallelogram", "trapezium"]

    def test_scores_fall_along_the_page(self, engine: Engine) -> None:
        scores = [hit.score for hit in engine.search(Query(text="面积", tokens=MEMBER)).hits]
        assert scores == sorted(scores, reverse=True)
        assert scores[0] > 0

    def test_a_keyword_is_found(self, engine: Engine) -> None:
        assert keys(engine.search(Query(text="转化思想"))) == ["trapezium"]

    def test_an_author_is_found(self, engine: Engine) -> None:
        assert keys(engine.search(Query(text="林晓雯"))) == ["night"]

    def test_a_summary_is_found(self, engine: Engine) -> None:
        assert keys(engine.search(Query(text="图形与几何"))) == ["su"]

    def test_an_unknown_word_finds_nothing(self, engine: Engine) -> None:
        found = engine.search(Query(text="量子纠缠"))
        assert (found.hits, found.total) == ((), 0)

    # Writing and sound

    @pytest.mark.parametrize("typed", ["静夜思", "靜夜思", "《静夜思》", "jingyesi", "jing ye si", "jys", "静yesi"])
    def test_a_title_is_found_however_it_is_written(self, engine: Engine, typed: str) -> None:
        assert keys(ask(engine, understand(typed, {}), Query()).page)[:1] == ["night"]

    @pytest.mark.parametrize("typed", ["look at me", "ＬＯＯＫ ＡＴ ＭＥ", "Touch your nose", "touch\u00a0YOUR nose"])
    def test_latin_words_are_found_in_any_case_and_width(self, engine: Engine, typed: str) -> None:
        assert keys(engine.search(Query(text=typed))) == ["look"]

    @pytest.mark.parametrize("typed", ["梯行的面积", "梯形面积", "梯形得面积", "形梯的面积"])
    def test_a_misspelt_title_is_found(self, engine: Engine, typed: str) -> None:
        assert keys(ask(engine, understand(typed, {}), Query()).page)[:1] == ["trapezium"]

    # Phrases, exclusion

    def test_a_phrase_is_found_character_by_character(self, engine: Engine) -> None:
        assert keys(engine.search(Query(phrases=("完全一样的梯形",)))) == ["trapezium"]

    def test_a_phrase_in_another_order_is_not_found(self, engine: Engine) -> None:
        assert engine.search(Query(phrases=("梯形的完全一样",))).total == 0

    def test_a_phrase_of_one_character_is_found(self, engine: Engine) -> None:
        assert keys(engine.search(Query(phrases=("霜",)))) == ["night"]

    def test_a_phrase_does_not_reach_from_title_into_body(self, engine: Engine) -> None:
        assert engine.search(Query(phrases=("赵州桥这座",))).total == 0

    def test_an_excluded_word_takes_away(self, engine: Engine) -> None:
        found = engine.search(Query(text="面积", excluded=("梯形",)))
        assert keys(found) == ["parallelogram", "bridge"]

    def test_exclusion_alone_leaves_everything_else(self, engine: Engine) -> None:
        assert "trapezium" not in keys(engine.search(Query(excluded=("梯形",))))
        assert engine.search(Query(excluded=("梯形",))).total == 5

    # Rights

    def test_a_visitor_finds_only_what_is_public(self, engine: Engine) -> None:
        assert sorted(keys(engine.search(Query(text="面积", tokens=PUBLIC)))) == [
            "bridge",
            "parallelogram",
            "trapezium",
        ]

    def test_a_member_finds_what_their_group_shares_too(self, engine: Engine) -> None:
        assert "triangle" in keys(engine.search(Query(text="面积", tokens=MEMBER)))

    def test_a_person_finds_what_was_shared_with_them_alone(self, engine: Engine) -> None:
        assert keys(engine.search(Query(text="观潮", tokens=COLLEAGUE))) == ["tide"]
        assert engine.search(Query(text="观潮", tokens=MEMBER)).total == 0

    def test_without_any_right_nothing_is_found(self, engine: Engine) -> None:
        found = engine.search(Query(tokens=frozenset(), facets=("subject",)))
        assert (found.hits, found.total) == ((), 0)
        assert not any(found.facets.values())

    def test_totals_count_only_what_may_be_seen(self, engine: Engine) -> None:
        assert engine.search(Query(tokens=PUBLIC)).total == 6
        assert engine.search(Query(tokens=MEMBER)).total == 7

    def test_facet_counts_count_only_what_may_be_seen(self, engine: Engine) -> None:
        assert counts(engine, Query(tokens=PUBLIC), "school") == {"清源实验小学": 2}
        assert counts(engine, Query(tokens=MEMBER), "school") == {"清源实验小学": 2, "西溪小学": 1}

    def test_a_stored_entry_does_not_give_away_its_rights(self, engine: Engine) -> None:
        assert engine.search(Query(text="梯形的面积")).hits[0].entry.tokens == frozenset()

    # Filters and facets

    def test_a_filter_keeps_its_value_alone(self, engine: Engine) -> None:
        found = engine.search(Query(filters={"subject": ("语文",)}))
        assert sorted(keys(found)) == ["bridge", "night"]

    def test_two_values_of_a_facet_widen(self, engine: Engine) -> None:
        found = engine.search(Query(filters={"subject": ("语文", "英语")}))
        assert sorted(keys(found)) == ["bridge", "look", "night"]

    def test_two_facets_narrow(self, engine: Engine) -> None:
        found = engine.search(Query(filters={"subject": ("语文",), "kind": ("课件",)}))
        assert keys(found) == ["bridge"]

    def test_an_unknown_value_finds_nothing(self, engine: Engine) -> None:
        assert engine.search(Query(filters={"subject": ("炼金术",)})).total == 0

    def test_a_facet_without_values_does_not_filter(self, engine: Engine) -> None:
        assert engine.search(Query(filters={"subject": ()})).total == 6

    def test_filters_and_words_go_together(self, engine: Engine) -> None:
        assert keys(engine.search(Query(text="面积", filters={"kind": ("课件",)}))) == ["parallelogram", "bridge"]

    def test_a_facet_counts_its_values(self, engine: Engine) -> None:
        assert counts(engine, Query(), "subject") == {"数学": 2, "语文": 2, "英语": 1}

    def test_an_entry_with_two_values_is_counted_under_both(self, engine: Engine) -> None:
        assert counts(engine, Query(text="赵州桥"), "kind") == {"教学设计": 1, "课件": 1}

    def test_a_facet_ignores_its_own_filter(self, engine: Engine) -> None:
        query = Query(filters={"subject": ("语文",)})
        assert counts(engine, query, "subject") == {"数学": 2, "语文": 2, "英语": 1}

    def test_a_facet_obeys_the_filters_of_the_others(self, engine: Engine) -> None:
        query = Query(filters={"subject": ("语文",), "kind": ("课件",)})
        assert counts(engine, query, "subject") == {"数学": 1, "语文": 1, "英语": 1}
        assert counts(engine, query, "kind") == {"教学设计": 2, "课件": 1}

    def test_the_source_is_a_facet(self, engine: Engine) -> None:
        assert counts(engine, Query(), "source") == {"resource": 5, "studio": 1}

    def test_the_number_of_a_unit_is_a_filter(self, engine: Engine) -> None:
        assert keys(engine.search(Query(filters={"unit_number": ("第6单元",)}))) == ["trapezium"]

    def test_only_the_asked_facets_are_counted(self, engine: Engine) -> None:
        assert set(engine.search(Query(facets=("subject", "kind"))).facets) == {"subject", "kind"}
        assert engine.search(Query()).facets == {}

    # Adaptations

    def test_adaptations_are_left_out_and_counted_under_their_plan(self, engine: Engine) -> None:
        found = engine.search(Query(text="梯形的面积", tokens=MEMBER))
        assert keys(found) == ["trapezium"]
        assert (found.total, dict(found.folds)) == (1, {"resource:trapezium": 2})

    def test_adaptations_are_counted_under_the_viewers_rights(self, engine: Engine) -> None:
        assert dict(engine.search(Query(text="梯形的面积", tokens=PUBLIC)).folds) == {"resource:trapezium": 1}

    def test_adaptations_appear_when_they_are_asked_for(self, engine: Engine) -> None:
        found = engine.search(Query(text="梯形的面积", tokens=MEMBER, include_adaptations=True))
        assert sorted(keys(found)) == ["adapted-here", "adapted-open", "trapezium"]
        assert found.total == 3

    def test_adaptations_are_in_no_facet_unless_asked_for(self, engine: Engine) -> None:
        assert counts(engine, Query(text="梯形的面积", tokens=MEMBER), "school") == {"清源实验小学": 1}
        asked = Query(text="梯形的面积", tokens=MEMBER, include_adaptations=True)
        assert counts(engine, asked, "school") == {"清源实验小学": 1, "云山中心小学": 1, "东湖小学": 1}

    def test_a_page_without_folds_counts_none(self, engine: Engine) -> None:
        assert engine.search(Query(text="赵州桥")).folds == {}

    # Order and pages

    @pytest.mark.parametrize(
        ("sort", "first"),
        [
            (Sort.TEXTBOOK, ["bridge", "parallelogram", "trapezium", "night"]),
            (Sort.NEWEST, ["bridge", "look", "night", "parallelogram", "su", "trapezium"]),
            (Sort.MOST_USED, ["parallelogram", "trapezium", "night", "look"]),
            (Sort.MOST_CITED, ["trapezium", "look", "parallelogram"]),
        ],
    )
    def test_results_stand_in_the_chosen_order(self, engine: Engine, sort: Sort, first: list[str]) -> None:
        assert keys(engine.search(Query(sort=sort)))[: len(first)] == first

    def test_an_entry_without_a_place_in_a_book_stands_last(self, engine: Engine) -> None:
        assert set(keys(engine.search(Query(sort=Sort.TEXTBOOK)))[-2:]) == {"look", "su"}

    def test_an_order_changes_neither_total_nor_filters(self, engine: Engine) -> None:
        found = engine.search(Query(text="面积", filters={"subject": ("数学",)}, sort=Sort.NEWEST))
        assert (keys(found), found.total) == (["parallelogram", "trapezium"], 2)

    def test_pages_together_are_the_whole_list(self, engine: Engine) -> None:
        whole = keys(engine.search(Query(sort=Sort.NEWEST)))
        parts = [engine.search(Query(sort=Sort.NEWEST, offset=at, limit=2)) for at in (0, 2, 4)]
        assert [key for part in parts for key in keys(part)] == whole
        assert {part.total for part in parts} == {6}

    def test_a_page_behind_the_end_is_empty_and_keeps_the_total(self, engine: Engine) -> None:
        found = engine.search(Query(offset=60))
        assert (found.hits, found.total) == ((), 6)

    def test_a_far_page_is_empty_and_no_error(self, engine: Engine) -> None:
        assert engine.search(Query(offset=10**9)).hits == ()

    def test_a_limit_of_nothing_still_counts(self, engine: Engine) -> None:
        found = engine.search(Query(limit=0))
        assert (found.hits, found.total) == ((), 6)

    # What comes back

    def test_a_hit_brings_its_stored_fields(self, engine: Engine) -> None:
        (hit,) = engine.search(Query(text="梯形的面积")).hits
        assert hit.entry == replace(WORLD[0], tokens=frozenset())
        assert hit.key == "resource:trapezium"

    # Suggestions

    @pytest.mark.parametrize("prefix", ["静", "静夜", "靜夜", "jing", "jingy", "jy", "jys", "JYS"])
    def test_a_beginning_suggests_the_title(self, engine: Engine, prefix: str) -> None:
        assert "resource:night" in [hit.key for hit in engine.suggest(prefix, PUBLIC, 8)]

    def test_a_later_part_of_a_title_suggests_it_too(self, engine: Engine) -> None:
        assert [hit.key for hit in engine.suggest("look at", PUBLIC, 8)] == ["resource:look"]

    def test_the_middle_of_a_word_suggests_nothing(self, engine: Engine) -> None:
        assert list(engine.suggest("夜思", PUBLIC, 8)) == []

    def test_suggestions_obey_the_rights(self, engine: Engine) -> None:
        assert list(engine.suggest("观潮", PUBLIC, 8)) == []
        assert [hit.key for hit in engine.suggest("观潮", COLLEAGUE, 8)] == ["resource:tide"]
        assert list(engine.suggest("静", frozenset(), 8)) == []

    def test_suggestions_leave_adaptations_out(self, engine: Engine) -> None:
        assert [hit.key for hit in engine.suggest("梯形", MEMBER, 8)] == ["resource:trapezium"]

    def test_the_most_used_is_suggested_first_and_no_more_than_asked(self, engine: Engine) -> None:
        assert [hit.key for hit in engine.suggest("p", PUBLIC, 8)] == ["resource:parallelogram"]
        assert len(engine.suggest("t", MEMBER, 1)) == 1

    @pytest.mark.parametrize("prefix", ["", "   ", "《》", "，"])
    def test_nothing_typed_suggests_nothing(self, engine: Engine, prefix: str) -> None:
        assert list(engine.suggest(prefix, PUBLIC, 8)) == []

    # Whatever is typed

    @pytest.mark.parametrize(
        "typed",
        [
            "",
            " ",
            "\u00a0\u3000",
            "\x00",
            '"',
            "-",
            "*",
            "a AND (b OR",
            "title:梯形~2^5",
            "{}[]()+-=&|><!^~*?:/\\",
            "\\frac{1}{2}",
            "😀🧮",
            "𠮷野家",
            "é" * 50,
            "面" * 3000,
            "a" * 3000,
            "1 " * 1500,
            "'; DROP TABLE x; --",
            "\ud7ff\u200b\ufeff",
        ],
    )
    def test_any_text_has_an_answer(self, engine: Engine, typed: str) -> None:
        found = ask(engine, understand(typed, {}), Query(facets=("subject",)))
        assert found.page.total >= 0
        engine.suggest(typed, PUBLIC, 5)

    def test_the_same_question_has_the_same_answer(self, engine: Engine) -> None:
        query = Query(text="面积", tokens=MEMBER, facets=("school", "kind"))
        assert engine.search(query) == engine.search(query)


class Writing:
    """Writes in any order, and what may be found after them. Each test has an empty index."""

    @pytest.fixture(scope="class")
    def make(self) -> Make:
        raise NotImplementedError

    @pytest.fixture
    def engine(self, make: Make) -> Iterator[Engine]:
        engine = make()
        engine.drop()
        engine.create()
        yield engine
        engine.drop()

    def test_an_empty_index_answers(self, engine: Engine) -> None:
        found = engine.search(Query(text="面积", facets=("subject",)))
        assert (found.hits, found.total, dict(found.facets["subject"])) == ((), 0, {})
        assert list(engine.suggest("面", PUBLIC, 5)) == []
        assert engine.count() == 0

    def test_a_written_entry_is_found_after_a_refresh(self, engine: Engine) -> None:
        assert engine.write([entry("resource:a", "秋天")]) == {}
        engine.refresh()
        assert keys(engine.search(Query(text="秋天"))) == ["a"]
        assert engine.count() == 1

    def test_a_well_engine_has_no_ailments(self, engine: Engine) -> None:
        engine.write([entry("resource:a", "秋天")])
        assert not [said for said in engine.ailments() if "黄色" not in said]

    def test_the_version_is_another_after_every_change_or_is_not_told(self, engine: Engine) -> None:
        versions = [engine.version()]
        engine.write([entry("resource:a", "秋天")])
        engine.refresh()
        versions.append(engine.version())
        engine.delete({"resource:a": 2})
        engine.refresh()
        versions.append(engine.version())
        assert len(set(versions)) == 3 or set(versions) == {""}
        assert engine.version() == versions[-1]

    def test_writing_nothing_is_no_error(self, engine: Engine) -> None:
        assert (engine.write([]), engine.delete({})) == ({}, {})

    def test_writing_again_replaces(self, engine: Engine) -> None:
        engine.write([entry("resource:a", "秋天")])
        engine.write([entry("resource:a", "春天", version=2)])
        engine.refresh()
        assert keys(engine.search(Query(text="春天"))) == ["a"]
        assert engine.search(Query(text="秋天")).total == 0
        assert engine.count() == 1

    def test_an_older_write_that_comes_late_is_left_out(self, engine: Engine) -> None:
        engine.write([entry("resource:a", "春天", version=5)])
        assert engine.write([entry("resource:a", "秋天", version=4)]) == {}
        engine.refresh()
        assert keys(engine.search(Query(text="春天"))) == ["a"]

    def test_the_same_version_may_be_written_again(self, engine: Engine) -> None:
        engine.write([entry("resource:a", "春天", version=5)])
        engine.write([entry("resource:a", "春天来了", version=5)])
        engine.refresh()
        assert engine.search(Query(text="来了")).total == 1

    def test_of_one_batch_the_newest_version_stays(self, engine: Engine) -> None:
        engine.write([entry("resource:a", "春天", version=5), entry("resource:a", "秋天", version=3)])
        engine.refresh()
        assert [hit.entry.version for hit in engine.search(Query()).hits] == [5]

    def test_a_deleted_entry_is_found_nowhere(self, engine: Engine) -> None:
        engine.write([entry("resource:a", "秋天", facets="subject=语文"), entry("resource:b", "秋思")])
        assert engine.delete({"resource:a": 2}) == {}
        engine.refresh()
        found = engine.search(Query(facets=("subject",)))
        assert (keys(found), found.total, dict(found.facets["subject"])) == (["b"], 1, {})
        assert list(engine.suggest("秋天", PUBLIC, 5)) == []
        assert engine.count() == 1

    def test_deleting_what_is_not_there_is_no_error(self, engine: Engine) -> None:
        assert engine.delete({"resource:nobody": 3}) == {}

    def test_an_older_deletion_that_comes_late_is_left_out(self, engine: Engine) -> None:
        engine.write([entry("resource:a", "秋天", version=5)])
        engine.delete({"resource:a": 4})
        engine.refresh()
        assert engine.count() == 1

    def test_a_deleted_entry_is_not_revived_by_an_older_write(self, engine: Engine) -> None:
        engine.write([entry("resource:a", "秋天", version=1)])
        engine.delete({"resource:a": 3})
        engine.write([entry("resource:a", "秋天", version=2)])
        engine.refresh()
        assert engine.search(Query()).total == 0

    def test_a_deleted_entry_comes_back_with_a_newer_write(self, engine: Engine) -> None:
        engine.write([entry("resource:a", "秋天", version=1)])
        engine.delete({"resource:a": 2})
        engine.write([entry("resource:a", "秋天", version=3)])
        engine.refresh()
        assert keys(engine.search(Query())) == ["a"]

    def test_new_rights_act_with_the_next_write(self, engine: Engine) -> None:
        engine.write([entry("resource:a", "秋天")])
        engine.write([entry("resource:a", "秋天", tokens="org:1", version=2)])
        engine.refresh()
        assert engine.search(Query()).total == 0
        assert engine.search(Query(tokens=MEMBER)).total == 1

    def test_many_entries_are_counted_exactly(self, engine: Engine) -> None:
        engine.write(entry(f"resource:{number}", f"口算练习 {number}", facets="grade=三年级") for number in range(1200))
        engine.refresh()
        found = engine.search(Query(text="口算", facets=("grade",)))
        assert (found.total, dict(found.facets["grade"])) == (1200, {"三年级": 1200})

    def test_a_facet_with_many_values_keeps_them_all(self, engine: Engine) -> None:
        engine.write(entry(f"resource:{number}", "课", facets=f"school=第{number}小学") for number in range(300))
        engine.refresh()
        assert len(engine.search(Query(facets=("school",))).facets["school"]) == 300

    def test_text_of_any_kind_is_kept_as_it_is(self, engine: Engine) -> None:
        title = "𠮷 <script>alert(1)</script> “引号” \\ \t e\u0301 😀"
        engine.write([entry("resource:a", title, keywords=("a\fb",), authors=("",), published_at=day(1))])
        engine.refresh()
        assert engine.search(Query()).hits[0].entry.title == title

    def test_a_long_text_is_found_to_its_end(self, engine: Engine) -> None:
        from search.ports import Passage

        engine.write(
            [entry("resource:a", "长文", passages=(Passage("第9页", "春眠不觉晓。" * 20_000 + "处处闻啼鸟"),))]
        )
        engine.refresh()
        assert engine.search(Query(text="啼鸟")).total == 1

    def test_making_an_index_twice_keeps_what_is_in_it(self, engine: Engine) -> None:
        engine.write([entry("resource:a", "秋天")])
        engine.create()
        engine.refresh()
        assert engine.exists()
        assert engine.count() == 1

    def test_a_dropped_index_is_empty_or_says_that_it_is_gone(self, engine: Engine) -> None:
        engine.write([entry("resource:a", "秋天")])
        engine.drop()
        try:
            assert engine.search(Query()).total == 0
        except EngineDown:
            assert not engine.exists()

    def test_an_index_made_again_starts_without_old_versions(self, engine: Engine) -> None:
        engine.write([entry("resource:a", "秋天", version=9)])
        engine.drop()
        engine.create()
        engine.write([entry("resource:a", "春天", version=1)])
        engine.refresh()
        assert keys(engine.search(Query(text="春天"))) == ["a"]

    # Many at once, and generations

    def test_prepared_entries_are_found_like_written_ones(self, engine: Engine) -> None:
        refused = [found for found in engine.load(prepare(one) for one in WORLD) if found]
        engine.release()
        engine.refresh()
        assert refused == []
        assert engine.search(Query(text="梯形的面积")).hits[0].entry == replace(WORLD[0], tokens=frozenset())
        assert engine.search(Query(tokens=PUBLIC)).total == 6

    def test_what_is_held_can_be_read_back_with_its_rights(self, engine: Engine) -> None:
        engine.write([entry("resource:a", "秋天", tokens="org:1 public", version=3), entry("resource:b", "春天")])
        engine.refresh()
        found = {held.key: held for held in engine.held()}
        assert set(found) == {"resource:a", "resource:b"}
        assert (found["resource:a"].version, found["resource:a"].tokens) == (3, frozenset({"org:1", "public"}))
        assert from_json(found["resource:a"].stored).title == "秋天"
        assert [held.key for held in engine.held(["resource:b", "resource:nobody"])] == ["resource:b"]

    def test_a_staged_generation_is_filled_apart_and_answers_once_it_is_promoted(self, engine: Engine) -> None:
        engine.write([entry("resource:a", "秋天")])
        engine.refresh()
        before = engine.live()
        name = next_generation(engine.generations())
        staged = engine.at(name)
        staged.create()
        staged.write([entry("resource:b", "春天")])
        staged.refresh()
        assert keys(engine.search(Query())) == ["a"]
        assert engine.live() == before
        staged.release()
        engine.promote(name)
        assert (keys(engine.search(Query())), engine.live()) == (["b"], name)
        engine.write([entry("resource:c", "夏天")])
        engine.refresh()
        assert sorted(keys(engine.search(Query()))) == ["b", "c"]
        engine.release()
        engine.promote(before)
        assert keys(engine.search(Query())) == ["a"]

    def test_a_generation_that_is_dropped_leaves_the_others(self, engine: Engine) -> None:
        engine.write([entry("resource:a", "秋天")])
        name = next_generation(engine.generations())
        staged = engine.at(name)
        staged.create()
        staged.write([entry("resource:b", "春天")])
        staged.drop()
        engine.refresh()
        assert keys(engine.search(Query())) == ["a"]
        assert name not in engine.generations()

    def test_questions_have_a_tab_and_facets_of_their_own(self, engine: Engine) -> None:
        bank = "tab=试题 kind=试题"
        engine.write(
            [
                entry("resource:plan", "梯形的面积", facets="kind=教学设计"),
                entry("resource:dam", "堤坝", facets=f"{bank} question_type=单选 difficulty=较易 picture=有图"),
                entry("resource:ladder", "梯子", facets=f"{bank} question_type=填空 difficulty=困难 picture=无图"),
            ]
        )
        engine.refresh()
        facets = ("tab", "question_type", "difficulty", "picture")
        main = engine.search(Query(filters={"tab": ("资源",)}, facets=facets))
        found = engine.search(Query(filters={"tab": ("试题",)}, facets=facets))
        hard = engine.search(Query(filters={"tab": ("试题",), "difficulty": ("困难",)}, facets=facets))
        assert keys(main) == ["plan"]
        assert set(keys(found)) == {"dam", "ladder"}
        assert found.facets["question_type"] == {"单选": 1, "填空": 1}
        assert found.facets["picture"] == {"有图": 1, "无图": 1}
        assert found.facets["tab"] == main.facets["tab"] == {"资源": 1, "试题": 2}
        assert keys(hard) == ["ladder"]
        assert hard.facets["difficulty"] == {"较易": 1, "困难": 1}

    def test_a_stem_is_no_suggestion(self, engine: Engine) -> None:
        engine.write([entry("resource:a", "秋天的雨"), entry("resource:q", "秋天有几个月", facets="tab=试题")])
        engine.refresh()
        assert [hit.entry.uid for hit in engine.suggest("秋天", PUBLIC, 5)] == ["a"]


def counts(engine: Engine, query: Query, facet: str) -> Mapping[str, int]:
    return dict(engine.search(replace(query, facets=(facet,))).facets[facet])
