// Test macros for Result: on failure they print the error's sentence and detail.
#pragma once

#include "storage/base/result.h"

#include <QTest>

#define VERIFY_OK(result)                                                                                    \
    do {                                                                                                     \
        const auto& verifiedResult = (result);                                                               \
        if (!verifiedResult)                                                                                 \
            QFAIL(qPrintable(verifiedResult.error().sentence + QLatin1String(" | ") +                        \
                             verifiedResult.error().detail));                                                \
    } while (false)

#define VERIFY_ERROR(result, expectedKind)                                                                   \
    do {                                                                                                     \
        const auto& verifiedResult = (result);                                                               \
        QVERIFY2(!verifiedResult, "an error was expected");                                                  \
        QCOMPARE(int(verifiedResult.error().kind), int(expectedKind));                                       \
        QVERIFY2(verifiedResult.error().sentence.endsWith(QLatin1Char('.')),                                 \
                 qPrintable(verifiedResult.error().sentence));                                               \
    } while (false)
