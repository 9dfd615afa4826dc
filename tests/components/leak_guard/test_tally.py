from components.leak_guard.tally import Tally


def merged(tally: Tally, *parts: list[tuple]) -> dict:
    accumulators = []
    for part in parts:
        accumulator = tally.create_accumulator()
        for element in part:
            accumulator = tally.add_input(accumulator, element)
        accumulators.append(accumulator)
    return tally.extract_output(tally.merge_accumulators(accumulators))


def test_kinds_are_counted_and_their_first_examples_kept():
    parts: list[list[tuple]] = [[("a", 2, "y"), ("b", 1, "z"), ("c", 5, None)], [], [("a", 1, "x"), ("a", 1, "w")]]
    expected = {"a": (4, ["w", "x"]), "b": (1, ["z"]), "c": (5, [])}
    assert merged(Tally(2), *parts) == merged(Tally(2), *reversed(parts)) == expected


def test_of_nothing_there_is_nothing():
    assert merged(Tally(2), []) == {}
