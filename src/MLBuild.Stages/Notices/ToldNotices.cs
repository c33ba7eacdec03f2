using MLBuild.Stages.Reports;
using MLBuild.Store;

namespace MLBuild.Stages.Notices;

/// <summary>What was told by a channel, beside the monitor's history: <c>told/webhook/8f2c….json</c>. It is kept when
/// it has arrived, and not before.</summary>
internal sealed class ToldNotices(string history, NoticeChannel channel)
{
    private readonly string _folder = Path.Combine(history, "told", $"{channel}".ToLowerInvariant());

    public bool Has(Notice notice) => File.Exists(PathOf(notice));

    public void Add(Notice notice)
    {
        Directory.CreateDirectory(_folder);
        AtomicFile.WriteText(PathOf(notice), ReportFile.Text(notice));
    }

    private string PathOf(Notice notice) => Path.Combine(_folder, $"{notice.Key}.json");
}
