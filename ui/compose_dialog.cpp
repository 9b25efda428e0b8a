#include "ui/compose_dialog.h"

#include "ui/theme/colors.h"
#include "ui/theme/fonts.h"
#include "ui/theme/icons.h"
#include "ui/theme/metrics.h"

#include <QDialogButtonBox>
#include <QHeaderView>
#include <QLabel>
#include <QPushButton>
#include <QTreeWidget>
#include <QVBoxLayout>

#include <algorithm>

namespace ui {

namespace {

enum Column { ServiceColumn, FolderColumn, MountColumn, StateColumn };
constexpr int kPathRole = Qt::UserRole + 1;

} // namespace

ComposeDialog::ComposeDialog(model::Places& places, const QString& file, QWidget* parent) : QDialog(parent)
{
    setObjectName(QStringLiteral("composeDialog"));
    setWindowTitle(tr("Open from Compose file"));
    auto* name = new QLabel(file, this);
    name->setFont(fixedFont(font()));
    name->setTextFormat(Qt::PlainText);
    name->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_told = new QLabel(tr("Reading …"), this);
    m_told->setObjectName(QStringLiteral("composeTold"));
    m_told->setWordWrap(true);
    m_told->setTextFormat(Qt::PlainText);
    m_list = new QTreeWidget(this);
    m_list->setObjectName(QStringLiteral("composeList"));
    m_list->setAccessibleName(tr("Volumes of the services"));
    m_list->setHeaderLabels(
        {tr("Service"), tr("Folder on this computer"), tr("In the container"), tr("Holds")});
    m_list->setRootIsDecorated(false);
    m_list->setUniformRowHeights(true);
    m_list->setAllColumnsShowFocus(true);
    m_list->header()->setSectionsMovable(false);
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Cancel, this);
    m_open = buttons->addButton(tr("Open"), QDialogButtonBox::AcceptRole);
    m_open->setObjectName(QStringLiteral("composeOpen"));
    m_open->setEnabled(false);
    m_open->setDefault(true);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(kRoom, kRoom, kRoom, kRoom);
    column->setSpacing(kGap);
    for (QWidget* part : std::initializer_list<QWidget*>{name, m_told, m_list, buttons})
        column->addWidget(part);
    resize(860, 380);
    connect(buttons, &QDialogButtonBox::accepted, this, &ComposeDialog::choose);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    connect(m_list, &QTreeWidget::itemDoubleClicked, this, &ComposeDialog::choose);
    connect(m_list, &QTreeWidget::currentItemChanged, this,
            [this] { m_open->setEnabled(!chosen().isEmpty()); });
    places.readCompose(this, file, [this](const auto& volumes) { show(volumes); });
}

void ComposeDialog::show(const storage::Result<std::vector<storage::ComposeVolume>>& volumes)
{
    if (!volumes) {
        m_told->setText(volumes.error().sentence);
        m_told->setToolTip(volumes.error().detail);
        m_list->setEnabled(false);
        return;
    }
    for (const storage::ComposeVolume& volume : *volumes)
        addVolume(volume);
    const auto found = std::count_if(volumes->begin(), volumes->end(),
                                     [](const storage::ComposeVolume& one) { return one.isPersistDir; });
    m_told->setText(volumes->empty() ? tr("No service of this file mounts anything.")
                    : found == 0
                        ? tr("None of these volumes holds a Chroma directory that this computer can "
                             "reach.")
                        : tr("%Ln Chroma directory(ies) found. They are opened read-only, also while "
                             "the container runs.",
                             nullptr, static_cast<int>(found)));
    fit();
    if (found > 0)
        m_list->setCurrentItem(m_list->topLevelItem(0)); // directories come first
    m_list->setFocus();
}

void ComposeDialog::addVolume(const storage::ComposeVolume& volume)
{
    const Colors& c = colorsOf(palette());
    auto* item = new QTreeWidgetItem(m_list);
    item->setText(ServiceColumn, volume.service);
    item->setText(FolderColumn, volume.hostPath.isEmpty() ? tr("not reachable from here") : volume.hostPath);
    item->setText(MountColumn, volume.containerPath);
    item->setText(StateColumn, volume.isPersistDir ? tr("Chroma directory") : volume.sentence);
    item->setIcon(ServiceColumn, volume.isPersistDir ? icon(QStringLiteral("directory"), Tone::Info)
                                                     : icon(QStringLiteral("folder")));
    for (int column = ServiceColumn; column <= StateColumn; ++column) {
        item->setToolTip(column, volume.sentence);
        if (!volume.isPersistDir)
            item->setForeground(column, c.secondary);
    }
    if (volume.isPersistDir)
        item->setData(ServiceColumn, kPathRole, volume.hostPath);
}

void ComposeDialog::fit()
{
    for (int column = ServiceColumn; column < StateColumn; ++column) {
        m_list->resizeColumnToContents(column);
        m_list->setColumnWidth(column, qMin(m_list->columnWidth(column) + kPad, 320));
    }
}

QString ComposeDialog::chosen() const
{
    const QTreeWidgetItem* item = m_list->currentItem();
    return item ? item->data(ServiceColumn, kPathRole).toString() : QString();
}

void ComposeDialog::choose()
{
    const QString path = chosen();
    if (path.isEmpty())
        return;
    accept();
    Q_EMIT openAsked(path);
}

} // namespace ui
