// The constants of the range coder (FORMAT.md, section 7), with their derivation.
//
// `low` and `range` have 64 bits. After each event `range` is brought back to 2^48 or more, byte by
// byte. For a total below 2^31, r = range / total is then at least 2^17, and its truncation gives
// away less than total / range < 2^-17 of the range: 0.00002 bits an event at worst. An event leaves
// range >= r * 1 >= 2^17, so at most 4 bytes go out with it.

/// How many bytes the coder moves after an event: the least n with `range << 8n` >= 2^48.
///
/// - Parameter range: the range after the event, at least 1.
/// - Returns: 0 to 6 bytes.
@inlinable @inline(__always)
func bytesToShift(range: UInt64) -> Int {
  // 2^48 <= range is 15 or fewer leading zeros, 2^40 <= range < 2^48 is 16 to 23, and so on.
  max(range.leadingZeroBitCount &>> 3, 1) &- 1
}

/// The number V (its top 64 bits) that ends a stream: the one of [low, low + 2^48) whose 48 low bits
/// are 0. It lies within the final interval since `range` >= 2^48.
@inlinable @inline(__always)
func finalCode(low: UInt64) -> UInt64 {
  (low &+ 0x0000_FFFF_FFFF_FFFF) & 0xFFFF_0000_0000_0000
}
