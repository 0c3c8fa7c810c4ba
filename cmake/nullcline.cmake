# Functions for the targets of this project.

# Our own code compiles without a warning. Not for third-party targets.
function(nullcline_warnings target)
  target_compile_options(${target} PRIVATE
    -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Werror -Wno-psabi)
endfunction()

# Options of a program of its own under node: it ends when main() returns, sees the real file system and
# environment, and has its threads started before main() begins.
function(nullcline_node_program target)
  if(NOT EMSCRIPTEN)
    return()
  endif()
  set(environment "${PROJECT_SOURCE_DIR}/cmake/node_environment.js")
  target_link_options(${target} PRIVATE
    -sEXIT_RUNTIME=1 -sENVIRONMENT=node,worker -sNODERAWFS=1
    -sALLOW_MEMORY_GROWTH=1 -sINITIAL_MEMORY=64MB -sSTACK_SIZE=1MB
    "SHELL:--pre-js \"${environment}\"")
  set_property(TARGET ${target} APPEND PROPERTY LINK_DEPENDS "${environment}")
  if(NULLCLINE_THREADS)
    target_link_options(${target} PRIVATE -sPTHREAD_POOL_SIZE=8 -Wno-pthreads-mem-growth)
  endif()
endfunction()

# A GoogleTest program, run by ctest from the repository's root. Natively every test is a test of ctest's. In node and
# under sanitizers, where starting the program costs much more than most tests, they are dealt out over a few runs of it.
function(nullcline_test_program target)
  nullcline_warnings(${target})
  nullcline_node_program(${target})
  target_link_libraries(${target} PRIVATE GTest::gtest_main)
  if(EMSCRIPTEN)
    # The modules that are shipped are optimised once more when they are linked, which takes half a minute each. Their own
    # tests, in node and in browsers, hold them to the same hashes.
    target_link_options(${target} PRIVATE -O1)
  endif()
  if(NULLCLINE_SANITIZE)
    # Whole trainings take minutes under sanitizers and run no code that the short ones do not.
    set(filter "GTEST_FILTER=-HelloWorld.*:*OfHelloWorld*")
  elseif(NOT EMSCRIPTEN)
    gtest_discover_tests(${target} WORKING_DIRECTORY "${PROJECT_SOURCE_DIR}" DISCOVERY_TIMEOUT 60
      PROPERTIES TIMEOUT 600)
    return()
  endif()
  set(shards 4)
  math(EXPR last "${shards} - 1")
  foreach(shard RANGE ${last})
    add_test(NAME ${target}.${shard} COMMAND ${target} WORKING_DIRECTORY "${PROJECT_SOURCE_DIR}")
    set_tests_properties(${target}.${shard} PROPERTIES TIMEOUT 1200
      ENVIRONMENT "GTEST_COLOR=no;GTEST_TOTAL_SHARDS=${shards};GTEST_SHARD_INDEX=${shard};${filter}")
  endforeach()
endfunction()
