#include "ui/job_bar.h"

#include "ui/section.h"
#include "ui/theme/metrics.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QLocale>
#include <QProgressBar>
#include <QToolButton>

#include <chrono>

namespace ui {

namespace {

using namespace std::chrono_literals;

}

JobBar::JobBar(QWidget* parent) : QWidget(parent)
{
    setObjectName(QStringLiteral("jobBar"));
    m_text = new QLabel(this);
    m_text->setObjectName(QStringLiteral("jobText"));
    m_bar = new QProgressBar(this);
    m_bar->setFixedWidth(140);
    m_bar->setTextVisible(false);
    m_bar->setAccessibleName(tr("Progress"));
    m_cancel = iconButton(QStringLiteral("close"), tr("Cancel"), this);
    m_cancel->setObjectName(QStringLiteral("jobCancel"));
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(kGap);
    row->addWidget(m_text);
    row->addWidget(m_bar);
    row->addWidget(m_cancel);
    m_patience.setSingleShot(true);
    m_patience.setInterval(500ms);
    m_fade.setSingleShot(true);
    m_fade.setInterval(8s);
    connect(&m_patience, &QTimer::timeout, this, &JobBar::appear);
    connect(&m_fade, &QTimer::timeout, this, &QWidget::hide);
    connect(m_cancel, &QToolButton::clicked, this, [this] {
        if (m_cancelCall)
            m_cancelCall();
    });
    hide();
}

void JobBar::begin(const QString& what, std::function<void()> cancel)
{
    m_running = true;
    m_cancelCall = std::move(cancel);
    m_fade.stop();
    hide();
    m_text->setText(what);
    m_bar->setRange(0, 0);
    m_patience.start();
}

void JobBar::appear()
{
    m_cancel->setVisible(static_cast<bool>(m_cancelCall));
    m_bar->setVisible(m_bar->maximum() > 0);
    show();
}

void JobBar::report(qint64 done, qint64 total, const QString& phase)
{
    if (!m_running)
        return;
    const QLocale locale;
    m_text->setText(total > 0 ? tr("%1: %2 of %3").arg(phase, locale.toString(done), locale.toString(total))
                              : phase);
    m_bar->setRange(0, total > 0 ? 1000 : 0);
    if (total > 0)
        m_bar->setValue(static_cast<int>(done * 1000.0 / static_cast<double>(total)));
    m_bar->setVisible(total > 0);
}

void JobBar::finish(const QString& summary)
{
    m_running = false;
    m_cancelCall = {};
    m_patience.stop();
    m_bar->hide();
    m_cancel->hide();
    m_text->setText(summary);
    setVisible(!summary.isEmpty());
    if (!summary.isEmpty())
        m_fade.start();
}

QString JobBar::text() const
{
    return m_text->text();
}

} // namespace ui
