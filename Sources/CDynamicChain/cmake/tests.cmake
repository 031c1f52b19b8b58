# Every *_test.c beside a module and in tests/ is a program that returns 0 when it passes. Tests link the library's
# objects, so they reach what is not exported.
file(GLOB dynchain_tests CONFIGURE_DEPENDS modules/*/*_test.c tests/*_test.c)
file(GLOB dynchain_test_support CONFIGURE_DEPENDS tests/support/*.c)

foreach(source IN LISTS dynchain_tests)
    get_filename_component(name "${source}" NAME_WE)
    add_executable(${name} "${source}" ${dynchain_test_support} $<TARGET_OBJECTS:dynchain_objects>)
    target_include_directories(${name} PRIVATE "${CMAKE_CURRENT_SOURCE_DIR}" "${CMAKE_CURRENT_SOURCE_DIR}/tests")
    target_link_libraries(${name} PRIVATE dynchain_flags Threads::Threads m)
    target_compile_options(${name} PRIVATE -UNDEBUG)
    add_test(NAME ${name} COMMAND ${name})
endforeach()
