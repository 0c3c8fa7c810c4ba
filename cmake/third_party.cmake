# Third-party code: header-only libraries for every build, and what only native programs or only tests link.
#
#   nullcline_third_party   Eigen, nlohmann/json, Random123 (headers; system includes)
#   nullcline_native        CLI11 and libzip (native builds only)
#   GTest::gtest_main …     GoogleTest (where NULLCLINE_TESTS is on)

# WebAssembly must not see the whole of /usr/include, so each build tree gets a folder with links to just these.
function(nullcline_link_headers folder probe)
  cmake_parse_arguments(PARSE_ARGV 2 arg "" "" "SUFFIXES")
  string(MAKE_C_IDENTIFIER "nullcline_include_${folder}" found)
  find_path(${found} "${folder}/${probe}" NO_CMAKE_FIND_ROOT_PATH REQUIRED
    PATHS /usr/include /usr/local/include /opt/homebrew/include PATH_SUFFIXES ${arg_SUFFIXES}
    DOC "The folder that holds ${folder}")
  mark_as_advanced(${found})
  file(CREATE_LINK "${${found}}/${folder}" "${CMAKE_BINARY_DIR}/headers/${folder}" SYMBOLIC)
endfunction()

file(MAKE_DIRECTORY "${CMAKE_BINARY_DIR}/headers")
nullcline_link_headers(Eigen Core SUFFIXES eigen3)
nullcline_link_headers(nlohmann json.hpp)
nullcline_link_headers(Random123 philox.h)

add_library(nullcline_third_party INTERFACE)
target_include_directories(nullcline_third_party SYSTEM INTERFACE "${CMAKE_BINARY_DIR}/headers")
target_compile_definitions(nullcline_third_party INTERFACE EIGEN_MPL2_ONLY EIGEN_DONT_PARALLELIZE)

if(NOT EMSCRIPTEN)
  # Debian's CMake files of libzip ask for programs that its development package does not bring.
  find_package(CLI11 2 REQUIRED)
  find_path(NULLCLINE_LIBZIP_INCLUDE zip.h REQUIRED)
  find_library(NULLCLINE_LIBZIP zip REQUIRED)
  mark_as_advanced(NULLCLINE_LIBZIP_INCLUDE NULLCLINE_LIBZIP)
  add_library(nullcline_libzip UNKNOWN IMPORTED)
  set_target_properties(nullcline_libzip PROPERTIES
    IMPORTED_LOCATION "${NULLCLINE_LIBZIP}" INTERFACE_INCLUDE_DIRECTORIES "${NULLCLINE_LIBZIP_INCLUDE}")
  add_library(nullcline_native INTERFACE)
  target_link_libraries(nullcline_native INTERFACE CLI11::CLI11 nullcline_libzip)
endif()

if(NULLCLINE_TESTS AND NOT EMSCRIPTEN)
  find_package(GTest REQUIRED)
  include(GoogleTest)
elseif(NULLCLINE_TESTS)
  # There is no compiled GoogleTest for WebAssembly: build it from Debian's sources.
  if(NOT NULLCLINE_THREADS)
    set(gtest_disable_pthreads ON)
  endif()
  set(INSTALL_GTEST OFF)
  set(CMAKE_POLICY_DEFAULT_CMP0077 NEW)
  add_subdirectory(/usr/src/googletest "${CMAKE_BINARY_DIR}/googletest" EXCLUDE_FROM_ALL SYSTEM)
  foreach(library gtest gtest_main gmock gmock_main)
    target_compile_options(${library} PRIVATE -Wno-error)
  endforeach()
endif()
