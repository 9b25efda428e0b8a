<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en">
<context>
    <name>model::CollectionModel</name>
    <message numerus="yes">
        <source>%n record(s)</source>
        <translation>
            <numerusform>%n record</numerusform>
            <numerusform>%n records</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n operation(s) wait in the write-ahead log</source>
        <translation>
            <numerusform>%n operation waits in the write-ahead log</numerusform>
            <numerusform>%n operations wait in the write-ahead log</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ui::ComposeDialog</name>
    <message numerus="yes">
        <source>%Ln Chroma directory(ies) found. They are opened read-only, also while the container runs.</source>
        <translation>
            <numerusform>%Ln Chroma directory found. It is opened read-only, also while the container runs.</numerusform>
            <numerusform>%Ln Chroma directories found. They are opened read-only, also while the container runs.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ui::DirectoryPanel</name>
    <message numerus="yes">
        <source>%Ln collection(s)</source>
        <translation>
            <numerusform>%Ln collection</numerusform>
            <numerusform>%Ln collections</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ui::MainWindow</name>
    <message numerus="yes">
        <source>%Ln thing(s) are wrong with this directory. What can be read is shown.</source>
        <translation>
            <numerusform>%Ln thing is wrong with this directory. What can be read is shown.</numerusform>
            <numerusform>%Ln things are wrong with this directory. What can be read is shown.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ui::RecordInspector</name>
    <message numerus="yes">
        <source>%Ln key(s)</source>
        <translation>
            <numerusform>%Ln key</numerusform>
            <numerusform>%Ln keys</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ui::SettingsPage</name>
    <message numerus="yes">
        <source>%Ln key(s)</source>
        <translation>
            <numerusform>%Ln key</numerusform>
            <numerusform>%Ln keys</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ui::StoragePage</name>
    <message numerus="yes">
        <source>%Ln entry(ies) that the segments do not hold yet</source>
        <translation>
            <numerusform>%Ln entry that the segments do not hold yet</numerusform>
            <numerusform>%Ln entries that the segments do not hold yet</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ui::VectorPicture</name>
    <message numerus="yes">
        <source>%Ln value(s) here</source>
        <translation>
            <numerusform>%Ln value here</numerusform>
            <numerusform>%Ln values here</numerusform>
        </translation>
    </message>
</context>
</TS>
