// The version of the product, as printed in reports; package.json says the same, a test compares them.
#pragma once
#include <string_view>

namespace csh {
inline constexpr std::string_view kVersion = "0.1.0";
}
