# Fails when a sentence with a number has no English plural in resources/translations/chromakeep_en.ts.
# To mend: lupdate -pluralonly -locations none -no-obsolete -I . model ui app -ts THAT_FILE, then fill in.
set(known ${ROOT}/resources/translations/chromakeep_en.ts)
set(fresh ${WORK}/chromakeep_en.ts)
file(MAKE_DIRECTORY ${WORK})
file(COPY ${known} DESTINATION ${WORK})
execute_process(
    COMMAND ${LUPDATE} -silent -pluralonly -locations none -no-obsolete -I ${ROOT}
            ${ROOT}/model ${ROOT}/ui ${ROOT}/app -ts ${fresh}
    RESULT_VARIABLE failed OUTPUT_QUIET ERROR_VARIABLE said)
if(failed)
    message(FATAL_ERROR "lupdate: ${said}")
endif()
file(READ ${fresh} text)
string(REGEX MATCHALL "<source>[^<]*</source>[^<]*<translation type=\"unfinished\">" missing "${text}")
if(missing OR text MATCHES "<numerusform></numerusform>")
    message(FATAL_ERROR "No plural for: ${missing}")
endif()
string(REGEX MATCHALL "<message numerus" messages "${text}")
list(LENGTH messages count)
if(count EQUAL 0)
    message(FATAL_ERROR "lupdate found no sentence with a number at all.")
endif()
message(STATUS "translations: ${count} plurals")
