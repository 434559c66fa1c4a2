"""Columns on their way: what PostgreSQL reads is what was written, to the last bit."""

import numpy as np
from sqlalchemy import text

from training_analyzer.runtime import Runtime
from training_analyzer.storage.arrays import as_array, column_as_array, end_to_end


def test_numbers_come_back_to_the_last_bit(runtime: Runtime) -> None:
    numbers = [0.1 + 0.2, 1e-300, 1.7976931348623157e308, -0.0, 3.0, 12345678.901234567]
    with runtime.database.transaction() as tx:
        read = tx.execute(text("SELECT CAST(:a AS float8[])"), {"a": as_array(numbers)}).scalar_one()
    assert np.array(read).tobytes() == np.array(numbers).tobytes()


def test_what_is_missing_is_null(runtime: Runtime) -> None:
    column = np.array([1.5, np.nan, 2.0])
    with runtime.database.transaction() as tx:
        read = tx.execute(text("SELECT CAST(:a AS float8[])"), {"a": column_as_array(column)}).scalar_one()
        empty = tx.execute(text("SELECT CAST(:a AS float8[])"), {"a": as_array(())}).scalar_one()
    assert read == [1.5, None, 2.0]
    assert empty == []
    assert np.isnan(column[1]), "the column is as it was"


def test_a_column_comes_back_to_the_last_bit_and_may_be_cut(runtime: Runtime) -> None:
    columns = [[0.1 + 0.2, 1e-300], [], [1.7976931348623157e308, -0.0, np.nan, np.inf]]
    sent = {"a": end_to_end(columns)}
    with runtime.database.transaction() as tx:
        whole, last, none = tx.execute(
            text("SELECT CAST(:a AS float8[]), (CAST(:a AS float8[]))[3:6], (CAST(:a AS float8[]))[3:2]"),
            sent,
        ).one()
        empty = tx.execute(text("SELECT CAST(:a AS float8[])"), {"a": end_to_end([])}).scalar_one()
    assert np.array(whole).tobytes() == sent["a"].tobytes()
    assert np.array(last).tobytes() == np.array(columns[2]).tobytes()
    assert none == empty == []


def test_narrow_and_whole_numbers_are_sent_as_what_they_are(runtime: Runtime) -> None:
    narrow = np.array([1.5, -2.0], np.float32)
    with runtime.database.transaction() as tx:
        for column in (narrow, narrow.astype(np.int16), np.array([True, False])):
            read = tx.execute(text("SELECT CAST(:a AS float8[])"), {"a": column}).scalar_one()
            assert read == column.tolist()
