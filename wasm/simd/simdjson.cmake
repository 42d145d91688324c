# simdjson has no kernel for WebAssembly. Its westmere kernel (SSE4.2) becomes one through Emscripten's SSE headers and the two headers beside
# this file; two places of its source stand in the way and are changed in a copy in the build tree:
#   its question whether this is an x86-64 must be answered with yes;
#   the assembly that asks for the state of AVX registers, which is never reached here, must go.
# A third change leaves out, where CSH_TOKENS_ONLY is defined, what the engine's module never calls and a virtual table would keep: documents and minify.
# Another release may word these places otherwise: then configuring stops, rather than building some other kernel in silence.
set(CSH_SIMDJSON_NPM "${CSH_SIMDJSON_DIR}")
set(CSH_SIMDJSON_DIR "${CMAKE_BINARY_DIR}/simdjson")

# csh_change(TEXT FILE OLD NEW): every OLD of the variable TEXT becomes NEW.
function(csh_change variable file old new)
  string(FIND "${${variable}}" "${old}" found)
  if(found EQUAL -1)
    message(FATAL_ERROR "simdjson's ${file} does not hold the text that must be changed for WebAssembly SIMD:\n  ${old}\n"
      "See wasm/simd/simdjson.cmake; is it another release than the one in package-lock.json?")
  endif()
  string(REPLACE "${old}" "${new}" changed "${${variable}}")
  set(${variable} "${changed}" PARENT_SCOPE)
endfunction()

foreach(file simdjson.h simdjson.cpp)
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS "${CSH_SIMDJSON_NPM}/${file}")
  file(READ "${CSH_SIMDJSON_NPM}/${file}" text)
  csh_change(text ${file} "defined(__x86_64__) || defined(_M_AMD64)" "defined(__wasm_simd128__) || defined(__x86_64__) || defined(_M_AMD64)")
  if(file STREQUAL "simdjson.cpp")
    csh_change(text ${file} [[  asm volatile("xgetbv\n\t" : "=a" (xcr0_lo), "=d" (xcr0_hi) : "c" (0));]] "  xcr0_lo = xcr0_hi = 0;")
  endif()
  if(file STREQUAL "simdjson.cpp")
    foreach(call "stage2::tape_builder::parse_document<false>(*this, _doc)" "stage2::tape_builder::parse_document<true>(*this, _doc)"
        "westmere::stage1::json_minifier::minify<64>(buf, len, dst, dst_len)")
      csh_change(text ${file} "  return ${call};" "#ifdef CSH_TOKENS_ONLY\n  return UNSUPPORTED_ARCHITECTURE;\n#else\n  return ${call};\n#endif")
    endforeach()
  endif()
  # Only what differs is written: the date of a file decides what is compiled again.
  set(old_text "")
  if(EXISTS "${CSH_SIMDJSON_DIR}/${file}")
    file(READ "${CSH_SIMDJSON_DIR}/${file}" old_text)
  endif()
  if(NOT old_text STREQUAL text)
    file(WRITE "${CSH_SIMDJSON_DIR}/${file}" "${text}")
  endif()
endforeach()
