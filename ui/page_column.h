// The frame of a page that reads from top to bottom: a scrolling column of sections with the page's margins.
#pragma once

#include <QList>

class QWidget;

namespace ui {

void layOutColumn(QWidget* page, const QList<QWidget*>& sections);

} // namespace ui
