#include "storage/base/mapped_file.h"

#include <QFile>
#include <QtGlobal>

#include <array>
#include <atomic>
#include <cerrno>
#include <cstdint>
#include <cstring>
#include <mutex>

#ifdef Q_OS_UNIX
#include <csignal>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#endif

namespace storage {

#ifdef Q_OS_UNIX

namespace {

// The mappings that the signal handler may mend. Fixed and lock-free to read, since a handler may neither
// allocate nor wait. A mapping beyond the last slot is not guarded.
struct Slot
{
    std::atomic<std::uintptr_t> begin{0};
    std::atomic<std::uintptr_t> end{0};
    std::atomic<bool> torn{false};
};
constexpr std::size_t kSlots = 1024;
std::array<Slot, kSlots> slots;
std::mutex slotsMutex;
struct sigaction formerAction;
std::uintptr_t pageSize = 4096;

Slot* slotOf(std::uintptr_t address)
{
    for (Slot& slot : slots)
        if (slot.begin.load(std::memory_order_acquire) <= address &&
            address < slot.end.load(std::memory_order_acquire))
            return &slot;
    return nullptr;
}

// A page of ours that the file no longer has becomes a page of zeros, and the reader goes on.
bool mend(const siginfo_t* info)
{
    const auto address = reinterpret_cast<std::uintptr_t>(info->si_addr);
    Slot* slot = slotOf(address);
    if (!slot)
        return false;
    void* page = reinterpret_cast<void*>(address & ~(pageSize - 1));
    if (mmap(page, pageSize, PROT_READ, MAP_PRIVATE | MAP_ANON | MAP_FIXED, -1, 0) == MAP_FAILED)
        return false;
    slot->torn.store(true, std::memory_order_release);
    return true;
}

void onBusError(int signal, siginfo_t* info, void* context)
{
    const int savedError = errno;
    if (mend(info)) {
        errno = savedError;
        return;
    }
    if ((formerAction.sa_flags & SA_SIGINFO) != 0 && formerAction.sa_sigaction) {
        formerAction.sa_sigaction(signal, info, context);
        return;
    }
    // Not ours: the fault comes again at once, under the former rule.
    sigaction(signal, &formerAction, nullptr);
}

void installGuard()
{
    static std::once_flag once;
    std::call_once(once, [] {
        pageSize = std::uintptr_t(sysconf(_SC_PAGESIZE));
        struct sigaction action = {};
        action.sa_sigaction = onBusError;
        action.sa_flags = SA_SIGINFO;
        sigemptyset(&action.sa_mask);
        sigaction(SIGBUS, &action, &formerAction);
    });
}

Slot* takeSlot(const void* begin, std::size_t size)
{
    const std::lock_guard lock(slotsMutex);
    for (Slot& slot : slots) {
        if (slot.end.load(std::memory_order_relaxed) != 0)
            continue;
        const auto from = reinterpret_cast<std::uintptr_t>(begin);
        slot.torn.store(false, std::memory_order_relaxed);
        slot.begin.store(from, std::memory_order_release);
        slot.end.store(from + size, std::memory_order_release);
        return &slot;
    }
    return nullptr;
}

void freeSlot(Slot* slot)
{
    if (!slot)
        return;
    const std::lock_guard lock(slotsMutex);
    slot->begin.store(UINTPTR_MAX, std::memory_order_release);
    slot->end.store(0, std::memory_order_release);
}

qint64 modifiedNs(const struct stat& info)
{
    constexpr qint64 kNs = 1'000'000'000;
#ifdef Q_OS_DARWIN
    return info.st_mtimespec.tv_sec * kNs + info.st_mtimespec.tv_nsec;
#else
    return info.st_mtim.tv_sec * kNs + info.st_mtim.tv_nsec;
#endif
}

tl::unexpected<Error> systemError(const QString& path, int error)
{
    return fail(error == ENOENT || error == ENOTDIR ? ErrorKind::NotFound : ErrorKind::Io,
                QStringLiteral("The file %1 cannot be read.").arg(path),
                QString::fromLocal8Bit(std::strerror(error)));
}

} // namespace

struct MappedFile::Handle
{
    QString path;
    int descriptor = -1;
    void* memory = nullptr;
    std::size_t size = 0;
    qint64 modified = 0;
    qint64 allocated = 0;
    Slot* slot = nullptr;

    Handle() = default;
    Handle(const Handle&) = delete;
    Handle& operator=(const Handle&) = delete;
    ~Handle()
    {
        freeSlot(slot);
        if (memory)
            munmap(memory, size);
        if (descriptor >= 0)
            ::close(descriptor);
    }
};

Result<MappedFile> MappedFile::open(const QString& path)
{
    installGuard();
    MappedFile file;
    file.m_handle = std::make_unique<Handle>();
    Handle& handle = *file.m_handle;
    handle.path = path;
    // Non-blocking, so that a pipe in the place of a file cannot hold us.
    handle.descriptor = ::open(QFile::encodeName(path).constData(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    struct stat info = {};
    if (handle.descriptor < 0 || fstat(handle.descriptor, &info) != 0)
        return systemError(path, errno);
    if (!S_ISREG(info.st_mode))
        return systemError(path, S_ISDIR(info.st_mode) ? EISDIR : EINVAL);
    constexpr qint64 kBlock = 512;
    handle.modified = modifiedNs(info);
    handle.allocated = qint64(info.st_blocks) * kBlock;
    handle.size = std::size_t(info.st_size);
    if (handle.size == 0)
        return file;
    void* memory = mmap(nullptr, handle.size, PROT_READ, MAP_SHARED, handle.descriptor, 0);
    if (memory == MAP_FAILED)
        return systemError(path, errno);
    handle.memory = memory;
    handle.slot = takeSlot(memory, handle.size);
    file.m_bytes = {static_cast<const std::byte*>(memory), handle.size};
    return file;
}

bool MappedFile::torn() const
{
    return m_handle && m_handle->slot && m_handle->slot->torn.load(std::memory_order_acquire);
}

bool MappedFile::unchanged() const
{
    if (!m_handle)
        return true;
    struct stat info = {};
    return fstat(m_handle->descriptor, &info) == 0 && std::size_t(info.st_size) == m_handle->size &&
           modifiedNs(info) == m_handle->modified && !torn();
}

void MappedFile::advise(Access access) const
{
    if (!m_handle || !m_handle->memory)
        return;
    const int advice = access == Access::Random       ? MADV_RANDOM
                       : access == Access::Sequential ? MADV_SEQUENTIAL
                                                      : MADV_WILLNEED;
    madvise(m_handle->memory, m_handle->size, advice);
}

#else

// Where a mapped file cannot be truncated by others (Windows), nothing needs to be guarded.
struct MappedFile::Handle
{
    QString path;
    QFile file;
    qint64 size = 0;
    qint64 allocated = 0;
};

Result<MappedFile> MappedFile::open(const QString& path)
{
    MappedFile mapped;
    mapped.m_handle = std::make_unique<Handle>();
    Handle& handle = *mapped.m_handle;
    handle.path = path;
    handle.file.setFileName(path);
    if (!handle.file.open(QIODevice::ReadOnly | QIODevice::Unbuffered))
        return fail(handle.file.exists() ? ErrorKind::Io : ErrorKind::NotFound,
                    QStringLiteral("The file %1 cannot be read.").arg(path), handle.file.errorString());
    handle.size = handle.allocated = handle.file.size();
    if (handle.size == 0)
        return mapped;
    const uchar* memory = handle.file.map(0, handle.size);
    if (!memory)
        return fail(ErrorKind::Io, QStringLiteral("The file %1 cannot be read.").arg(path),
                    handle.file.errorString());
    mapped.m_bytes = {reinterpret_cast<const std::byte*>(memory), std::size_t(handle.size)};
    return mapped;
}

bool MappedFile::torn() const
{
    return false;
}

bool MappedFile::unchanged() const
{
    return !m_handle || m_handle->file.size() == m_handle->size;
}

void MappedFile::advise(Access) const {}

#endif

MappedFile::MappedFile() = default;
MappedFile::~MappedFile() = default;

MappedFile::MappedFile(MappedFile&& other) noexcept
    : m_handle(std::move(other.m_handle)),
      m_bytes(std::exchange(other.m_bytes, {}))
{}

MappedFile& MappedFile::operator=(MappedFile&& other) noexcept
{
    m_handle = std::move(other.m_handle);
    m_bytes = std::exchange(other.m_bytes, {});
    return *this;
}

qint64 MappedFile::allocated() const
{
    return m_handle ? m_handle->allocated : 0;
}

const QString& MappedFile::path() const
{
    static const QString none;
    return m_handle ? m_handle->path : none;
}

} // namespace storage
