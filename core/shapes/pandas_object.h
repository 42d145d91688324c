// pandas' to_json without an orient writes the whole table as one object of columns, {"TimeGenerated":{"0":…,"1":…},"Caller":{"0":…}}; orient
// "index" writes one of rows, {"0":{"TimeGenerated":…},"1":{…}}. Both are read whole, so they have a limit of their own (kMaxTableBytes).
#pragma once
#include <functional>
#include <string_view>

#include "shapes/field_tree.h"
#include "shapes/json_record.h"
#include "shapes/record.h"

namespace csh {

// Calls `row` for each row in the order of the file, `record` filled; returns false, having called nothing, when `json` is no such object.
// Views in `record` last during the call. `is_ours` answers whether a record with these columns set has a shape.
bool read_pandas_object(std::string_view json, const FieldTree& tree, JsonRecordReader& reader, Record& record,
                        const std::function<bool(const Record&)>& is_ours, const std::function<void()>& row);

}  // namespace csh
