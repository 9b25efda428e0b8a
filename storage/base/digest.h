// Running digests of a stream of bytes: SHA-256 (what a person can check with sha256sum) through OpenSSL, which
// uses the processor's own instructions, and XXH3-128 (what we use to read back a copy at disk speed).
#pragma once

#include <QByteArray>

#include <cstddef>
#include <memory>
#include <span>

namespace storage {

class Sha256
{
public:
    Sha256();
    ~Sha256();
    Sha256(const Sha256&) = delete;
    Sha256& operator=(const Sha256&) = delete;
    void add(std::span<const std::byte> bytes);
    [[nodiscard]] QByteArray hex(); // 64 lower-case digits; call once

private:
    void* m_context;
};

class Xxh128
{
public:
    Xxh128();
    ~Xxh128();
    Xxh128(const Xxh128&) = delete;
    Xxh128& operator=(const Xxh128&) = delete;
    void add(std::span<const std::byte> bytes);
    [[nodiscard]] QByteArray hex() const; // 32 lower-case digits, big-endian as xxh128sum prints

private:
    void* m_state;
};

} // namespace storage
