using Microsoft.Data.Sqlite;
using MLBuild.Sources.Databases;

namespace MLBuild.Sources.Tests.Databases;

/// <summary>An SQLite file of one test.</summary>
internal sealed class SqliteFile(string path)
{
    public string Path => path;

    public DatabasePlace Place => new DatabasePlace.Sqlite(path);

    public SqliteFile Execute(string sql)
    {
        using var connection = Open();
        Execute(connection, sql);
        return this;
    }

    /// <summary>A connection of another program, in effect.</summary>
    public SqliteConnection Open()
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = path,
            Pooling = false,
            DefaultTimeout = 1,
        }.ToString());
        connection.Open();
        return connection;
    }

    public static void Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    public DatabaseOptions Table(string name, string key, string? highWater = null) => new()
    {
        Place = Place,
        Content = new DatabaseContent.Table(name),
        Key = [key],
        HighWater = highWater,
    };

    public DatabaseOptions Query(string sql, string key) => new()
    {
        Place = Place,
        Content = new DatabaseContent.Query(sql),
        Key = [key],
    };
}
