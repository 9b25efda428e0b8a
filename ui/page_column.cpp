#include "ui/page_column.h"

#include "ui/theme/metrics.h"

#include <QScrollArea>
#include <QVBoxLayout>

namespace ui {

namespace {

constexpr int kMostWidth = 900; // longer lines are hard to follow

}

void layOutColumn(QWidget* page, const QList<QWidget*>& sections)
{
    auto* inner = new QWidget;
    inner->setBackgroundRole(QPalette::Base);
    auto* column = new QVBoxLayout(inner);
    column->setContentsMargins(kRoom, kRoom, kRoom, kWide);
    column->setSpacing(kRoom);
    for (QWidget* section : sections) {
        section->setMaximumWidth(kMostWidth);
        column->addWidget(section);
    }
    column->addStretch();
    auto* scroll = new QScrollArea(page);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setWidgetResizable(true);
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    scroll->viewport()->setBackgroundRole(QPalette::Base);
    scroll->setWidget(inner);
    auto* frame = new QVBoxLayout(page);
    frame->setContentsMargins(0, 0, 0, 0);
    frame->addWidget(scroll);
}

} // namespace ui
