using System.Text;

namespace MLBuild.Stages.Tests.Tables;

/// <summary>A folder of one test, removed with all that is in it.</summary>
internal sealed class TempFolder : IDisposable
{
    private readonly string _path = Directory.CreateTempSubdirectory("mlbuild-tables-").FullName;

    public string this[string file] => Path.Combine(_path, file);

    public IEnumerable<string> Files => Directory.GetFiles(_path).Select(path => Path.GetFileName(path));

    public string Write(string file, string text) => Write(file, new UTF8Encoding(false).GetBytes(text));

    public string Write(string file, byte[] bytes)
    {
        File.WriteAllBytes(this[file], bytes);
        return this[file];
    }

    public void Dispose() => Directory.Delete(_path, recursive: true);
}
