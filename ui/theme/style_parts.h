// The drawings of style.h, one function a control. Each answers false when the base style should draw.
#pragma once

#include <QStyle>

class QStyleOption;
class QStyleOptionComplex;
class QStyleOptionSlider;
class QPainter;
class QWidget;

namespace ui::parts {

// style_controls.cpp: buttons, fields, check marks, menus, progress
bool drawControlPrimitive(QStyle::PrimitiveElement element, const QStyleOption& option, QPainter& painter,
                          const QWidget* widget);
bool drawPushButtonLabel(const QStyle& style, const QStyleOption& option, QPainter& painter,
                         const QWidget* widget);
bool drawProgress(QStyle::ControlElement element, const QStyleOption& option, QPainter& painter);
bool drawComboBox(const QStyle& style, const QStyleOptionComplex& option, QPainter& painter,
                  const QWidget* widget);
bool drawMenuBarItem(const QStyle& style, const QStyleOption& option, QPainter& painter,
                     const QWidget* widget);

// style_views.cpp: lists, headers, tabs, scroll bars, frames between parts
bool drawViewPrimitive(QStyle::PrimitiveElement element, const QStyleOption& option, QPainter& painter,
                       const QWidget* widget);
bool drawHeaderSection(const QStyleOption& option, QPainter& painter);
bool drawTabShape(const QStyleOption& option, QPainter& painter);
bool drawTabLabel(const QStyle& style, const QStyleOption& option, QPainter& painter, const QWidget* widget);
bool drawDockTitle(const QStyle& style, const QStyleOption& option, QPainter& painter, const QWidget* widget);
bool drawScrollBar(const QStyle& style, const QStyleOptionComplex& option, QPainter& painter,
                   const QWidget* widget);
QRect scrollBarPart(const QStyleOptionSlider& option, QStyle::SubControl part);

// A chevron pointing as `arrow` says, in the middle of `rect`.
void drawChevron(QPainter& painter, const QRectF& rect, Qt::ArrowType arrow, const QColor& color,
                 qreal size = 7);

} // namespace ui::parts
