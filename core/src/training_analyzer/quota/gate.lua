-- Counts one request against several quota windows, all or nothing, and takes in what the service said.
--
-- KEYS, three for each line: counter of the window, limit of the quota, end of its closure (epoch ms)
-- ARGV: now (epoch ms), whether to charge (1 or 0), lifetime of a limit (ms), and five for each line:
--   limit to assume while none is known, share of it that is held back,
--   usage, limit and closure (epoch ms) that the service stated; 0 for each on which it was silent
-- Returns {verdict, then for each line: used, limit, closed until (0: open), blocked (1 or 0)}.
--   verdict: 1 charged, or nothing to charge; 0 denied; -1 a counter is missing (its `used` is -1):
--   nothing was done, because an emptied Redis must not be taken for an unused quota
local now, charge, limit_lifetime = tonumber(ARGV[1]), ARGV[2] == '1', ARGV[3]
local lines, missing = {}, false

for i = 1, #KEYS / 3 do
  local key, arg = 3 * (i - 1), 3 + 5 * (i - 1)
  local line = {
    counter = KEYS[key + 1], limit_key = KEYS[key + 2], closed_key = KEYS[key + 3],
    held_share = tonumber(ARGV[arg + 2]),
    stated_used = tonumber(ARGV[arg + 3]), stated_limit = tonumber(ARGV[arg + 4]),
    stated_closed = tonumber(ARGV[arg + 5]),
  }
  line.used = tonumber(redis.call('GET', line.counter) or '-1')
  line.limit = tonumber(redis.call('GET', line.limit_key) or ARGV[arg + 1])
  line.closed = tonumber(redis.call('GET', line.closed_key) or '0')
  missing = missing or line.used < 0
  lines[i] = line
end

local function reply(verdict)
  local answer = {verdict}
  for _, line in ipairs(lines) do
    for _, value in ipairs({line.used, line.limit, line.closed, line.blocked and 1 or 0}) do
      answer[#answer + 1] = value
    end
  end
  return answer
end

if missing then return reply(-1) end

local denied = false
for _, line in ipairs(lines) do
  -- Answers overtake one another, so usage and closures are only ever raised.
  if line.stated_used > line.used then
    line.used = line.stated_used
    redis.call('SET', line.counter, line.used, 'KEEPTTL')
  end
  if line.stated_limit > 0 then
    line.limit = line.stated_limit
    redis.call('SET', line.limit_key, line.limit, 'PX', limit_lifetime)
  end
  if line.stated_closed > math.max(line.closed, now) then
    line.closed = line.stated_closed
    redis.call('SET', line.closed_key, line.closed, 'PX', line.closed - now)
  end
  if line.closed <= now then line.closed = 0 end
  local held_back = math.floor(line.limit * line.held_share + 0.5)
  line.blocked = line.closed > 0 or line.used >= line.limit - held_back
  denied = denied or line.blocked
end

if not charge then return reply(1) end
if denied then return reply(0) end
for _, line in ipairs(lines) do
  line.used = redis.call('INCR', line.counter)
end
return reply(1)
