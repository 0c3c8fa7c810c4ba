# Toolchain file for WebAssembly: finds Emscripten on PATH, or where tools/setup.mjs unpacked it, and includes
# Emscripten's own toolchain file. tools/lib/emscripten.mjs names the same two versions.
set(nullcline_oldest_emscripten 3.1.58)
set(nullcline_unpacked_emscripten 3.1.69)

function(nullcline_find_emscripten result)
  if(DEFINED ENV{XDG_CACHE_HOME} AND NOT "$ENV{XDG_CACHE_HOME}" STREQUAL "")
    set(cache "$ENV{XDG_CACHE_HOME}")
  else()
    set(cache "$ENV{HOME}/.cache")
  endif()
  set(candidates "${cache}/nullcline/emscripten-${nullcline_unpacked_emscripten}/emscripten")
  find_program(emcc emcc NO_CACHE NO_CMAKE_FIND_ROOT_PATH)
  if(emcc)
    file(REAL_PATH "${emcc}" emcc)
    cmake_path(GET emcc PARENT_PATH folder)
    list(PREPEND candidates "${folder}" "${folder}/../emscripten")
  endif()
  foreach(root IN LISTS candidates)
    if(NOT EXISTS "${root}/cmake/Modules/Platform/Emscripten.cmake")
      continue()
    endif()
    file(READ "${root}/emscripten-version.txt" version)
    string(REGEX MATCH "[0-9]+\\.[0-9]+\\.[0-9]+" version "${version}")
    if(version VERSION_GREATER_EQUAL nullcline_oldest_emscripten)
      cmake_path(NORMAL_PATH root)
      set(${result} "${root}" PARENT_SCOPE)
      return()
    endif()
  endforeach()
  message(FATAL_ERROR
    "No Emscripten ${nullcline_oldest_emscripten} or newer was found, neither on PATH nor in ${cache}/nullcline. "
    "Run `npm run setup`.")
endfunction()

nullcline_find_emscripten(nullcline_emscripten_root)

# The tests run in the node that is first on PATH, like everything else here.
find_program(nullcline_node NAMES node nodejs NO_CACHE NO_CMAKE_FIND_ROOT_PATH REQUIRED)
set(CMAKE_CROSSCOMPILING_EMULATOR "${nullcline_node}")

include("${nullcline_emscripten_root}/cmake/Modules/Platform/Emscripten.cmake")
