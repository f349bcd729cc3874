"""The arithmetic of averages, and the geometry of uvw."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from meridian_compute.conversion.averaging import average, averaging_factor
from meridian_compute.conversion.geometry import uvw_axes
from meridian_compute.uvh5.data import RawBlock

width = st.floats(1e3, 1e7)


@given(st.integers(1, 2000), width, width)
def test_the_factor_is_the_largest_divisor_within_the_limit(count: int, channel_hz: float, limit_hz: float) -> None:
    factor = averaging_factor(count, channel_hz, limit_hz)

    assert count % factor == 0
    assert factor == 1 or factor * channel_hz <= limit_hz * 1.005
    assert not [n for n in range(factor + 1, count + 1) if count % n == 0 and n * channel_hz < limit_hz]


def test_no_limit_is_no_average_and_rounded_widths_mean_what_they_say() -> None:
    assert averaging_factor(48, 244140.625, None) == 1
    assert averaging_factor(48, 244140.625, 1.95e6) == 8
    assert averaging_factor(48, 244140.625, 1.9e6) == 6


@settings(max_examples=50, deadline=None)
@given(st.integers(0, 2**32 - 1), st.sampled_from([1, 2, 4]), st.sampled_from([1, 3]), st.sampled_from([1, 2, 4]))
def test_averages_are_weighted_means(seed: int, channels: int, times: int, n_pol: int) -> None:
    rng = np.random.default_rng(seed)
    shape = (6 * 5, 8, n_pol)
    values = (rng.standard_normal(shape) + 1j * rng.standard_normal(shape)).astype(np.complex64)
    flags = rng.uniform(size=shape) < rng.choice([0, 0.4])
    weights = rng.uniform(0.1, 2, shape).astype(np.float32)
    grid = (6 // times, times, 5, 8 // channels, channels, n_pol)
    kept = np.where(flags, 0, weights).reshape(grid)
    total = kept.sum(axis=(1, 4))
    mean = (values.reshape(grid) * kept).sum(axis=(1, 4)) / np.where(total > 0, total, 1)

    block = average(RawBlock(values.copy(), flags.copy(), weights.copy()), channels, 5, times)

    out = (30 // times, 8 // channels, n_pol)
    if channels * times == 1:
        assert np.array_equal(block.visibilities, values) and np.array_equal(block.flags, flags)
    else:
        assert np.abs(block.visibilities - mean.reshape(out)).max() < 1e-5
        assert np.array_equal(block.flags, total.reshape(out) == 0)
        assert block.nsamples == pytest.approx(total.reshape(out), rel=1e-5)


@given(st.floats(-np.pi, np.pi), st.floats(-np.pi / 2, np.pi / 2))
def test_uvw_axes_are_right_handed_and_orthonormal(hour_angle: float, dec: float) -> None:
    axes = uvw_axes(np.array(hour_angle), np.array(dec))

    assert axes @ axes.T == pytest.approx(np.eye(3), abs=1e-12)
    assert np.cross(axes[0], axes[1]) == pytest.approx(axes[2], abs=1e-12)
