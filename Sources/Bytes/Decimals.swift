import Glibc

/// The number with `count` decimals and a point, in every locale.
package func decimals(_ value: Double, _ count: Int) -> String {
  // The longest numbers have 309 digits before the point.
  var text = [CChar](repeating: 0, count: 400)
  let length = withVaList([value]) { vsnprintf(&text, text.count, "%.\(count)f", $0) }
  let bytes = text.prefix(max(Int(length), 0)).map { UInt8(bitPattern: $0) }
  return String(decoding: bytes, as: UTF8.self)
}
